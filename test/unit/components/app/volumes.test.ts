import assert from "node:assert/strict";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { claimingVolumes } from "../../../../components/storage/claims";
import { at, declare } from "../../../support/declare";
import { shop, template, type PodSpec } from "../../../support/shop";

const shared = { path: "/srv/uploads", storageClass: "files", size: "20Gi", per: "app" } as const;
const claim = { storageClass: "disks", size: "5Gi", accessMode: "ReadWriteOnce" as const };
const volumes = { uploads: { path: "/srv/uploads" }, index: { path: "/srv/index", claim } };

function storing() {
  const release = (version: string) => {
    const name = `shop-${version.replaceAll(".", "-")}`;
    return { name, key: version, version, template: template({ volumes }) };
  };
  const releases = [release("1.4.2"), release("1.5.0")];
  const canary = { canary: "shop-1-5-0", canaryWeight: 10 };
  return shop({ releases, ...canary, volumes: { uploads: shared } });
}

describe("the volumes of an app's releases", () => {
  it("are one claim of the app for all of them, and one for each pod", async () => {
    const declared = await storing();
    assert.deepEqual(declared.names("PersistentVolumeClaim"), ["shop-uploads"]);
    assert.deepEqual(at(declared.object("PersistentVolumeClaim", "shop-uploads"), "spec"), {
      accessModes: ["ReadWriteMany"],
      storageClassName: "files",
      resources: { requests: { storage: "20Gi" } },
    });
    for (const name of ["shop-1-4-2", "shop-1-5-0"]) {
      const pod = at(declared.object("Deployment", name), "spec.template.spec") as PodSpec;
      const own = pod.volumes.filter((volume) => volume.name.startsWith("volume-"));
      assert.deepEqual(own, [
        {
          name: "volume-uploads",
          persistentVolumeClaim: { claimName: "shop-uploads" },
        },
        {
          name: "volume-index",
          ephemeral: {
            volumeClaimTemplate: {
              metadata: {
                labels: {
                  "app.kubernetes.io/name": "shop",
                  "app.kubernetes.io/part-of": "apps",
                  "app.kubernetes.io/managed-by": "pulumi",
                },
              },
              spec: {
                accessModes: ["ReadWriteOnce"],
                storageClassName: "disks",
                resources: { requests: { storage: "5Gi" } },
              },
            },
          },
        },
      ]);
      assert.deepEqual(
        pod.containers[0]?.volumeMounts?.filter(({ name: of }) => of.startsWith("volume-")),
        [
          { name: "volume-uploads", mountPath: "/srv/uploads" },
          { name: "volume-index", mountPath: "/srv/index" },
        ],
      );
    }
  });

  it("are writable for pods that are not root, and change no pod without volumes", async () => {
    const group = async (fields: object) => {
      const releases = [
        { name: "shop-1-4-2", key: "1.4.2", version: "1.4.2", template: template({ ...fields }) },
      ];
      const made = (await shop({ releases })).object("Deployment", "shop-1-4-2");
      return at(made, "spec.template.spec.securityContext.fsGroup");
    };
    assert.equal(await group({ volumes }), 1000);
    assert.equal(await group({}), undefined);
  });

  it("stay in the cluster when their app is removed", async () => {
    const { registrations } = await storing();
    const made = registrations.find(({ name }) => name === "shop-uploads");
    assert.equal(made?.retainOnDelete, true);
    const others = registrations.filter(({ retainOnDelete }) => retainOnDelete);
    assert.equal(others.length, 1);
  });

  it("are created before their pods, and after their classes", async () => {
    const { registrations } = await declare((provider) => {
      const made = (name: string) =>
        new k8s.storage.v1.StorageClass(
          name,
          { metadata: { name }, provisioner: name },
          { provider },
        );
      const classes = { files: made("files"), disks: made("disks") };
      const opts = claimingVolumes({ classes }, { provider });
      const labels = { app: "a" };
      const spec = {
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            containers: [],
            volumes: [
              { name: "a", emptyDir: {} },
              {
                name: "b",
                ephemeral: { volumeClaimTemplate: { spec: { storageClassName: "disks" } } },
              },
            ],
          },
        },
      };
      const metadata = (name: string) => ({ name, namespace: "commerce-dev" });
      new k8s.apps.v1.Deployment("plain", { metadata: metadata("plain"), spec }, opts);
      // The pods of a release that waits for its migration.
      const later = { ...spec, template: pulumi.output(spec.template) };
      new k8s.apps.v1.Deployment("later", { metadata: metadata("later"), spec: later }, opts);
    });
    const classesOf = (name: string) =>
      registrations
        .find((each) => each.name === name)
        ?.dependencies.filter((urn) => urn.includes("StorageClass"))
        .map((urn) => urn.split("::").at(-1));
    assert.deepEqual(classesOf("plain"), ["disks"]);
    assert.deepEqual(classesOf("later"), []);
    const app = (await storing()).registrations;
    const claimUrn = app.find(({ name }) => name === "shop-uploads")?.urn ?? "none";
    const deployment = app.find(
      ({ type, name }) => type.endsWith(":Deployment") && name === "shop-1-5-0",
    );
    assert.ok(deployment?.dependencies.includes(claimUrn));
  });
});
