import assert from "node:assert/strict";
import type { ChartStack } from "../../support/chart-stack";
import { failedWith, succeeded, type Ended } from "../../support/results";

/** Returns a volume for a claim. */
const volume = (name: string, storage: string) => ({
  apiVersion: "v1",
  kind: "PersistentVolume",
  metadata: { name },
  spec: {
    storageClassName: "files",
    capacity: { storage },
    accessModes: ["ReadWriteMany"],
    hostPath: { path: `/tmp/${name}` },
  },
});

/** A class whose volumes can grow, and one for the claim in each namespace. */
const volumes = [
  {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name: "files" },
    provisioner: "kubernetes.io/no-provisioner",
    allowVolumeExpansion: true,
  },
  volume("files-commerce", "2Gi"),
  volume("files-content", "4Gi"),
];

/** Returns the output of a preview that found dangers, and nothing that stops the change. */
function previewed({ code, output }: Ended): string {
  assert.equal(code, 3, output);
  return output;
}

/** Declares the tests of what can change in the claim of an app's volume. */
export function keepsClaims(current: () => ChartStack): void {
  describe("the claim of an app's volume", () => {
    let stack: ChartStack;
    const declares = (fields: object, team = "commerce") =>
      stack.edit((config) => {
        const uploads = { path: "/srv/uploads", storageClass: "files", size: "2Gi", ...fields };
        config["platform:apps"] = {
          mails: {
            team,
            kind: "worker",
            image: "harbor.dev.platform.test/mails/mails",
            scaling: { replicas: 1 },
            volumes: { uploads },
            stable: { version: "1.0.0" },
          },
        };
      });
    let former: Record<string, unknown>;
    before(async () => {
      stack = current();
      former = stack.config();
      stack.components((components) => {
        Object.assign(components, { storage: { existing: { files: "shared", others: "shared" } } });
      });
      declares({});
      const list = JSON.stringify({ apiVersion: "v1", kind: "List", items: volumes });
      succeeded(await stack.shell(`kubectl apply -f - <<'END'\n${list}\nEND\n`));
      await stack.must("up");
    });
    after(async () => {
      stack.edit((config) => {
        delete config["platform:apps"];
        Object.assign(config, former);
      });
      await stack.must("up");
    });

    it("cannot get another class, because it stays when it is replaced", async () => {
      declares({ storageClass: "others" });
      const output = failedWith(
        await stack.platform("preview"),
        /createExisting \(mandatory\).*PersistentVolumeClaim commerce-dev\/mails-uploads: .*add a volume under another name and copy the files/,
      );
      assert.doesNotMatch(output, /deleteData|its data/);
      await stack.mustFail(/PersistentVolumeClaim commerce-dev\/mails-uploads .*immutable/, "up");
    });

    it("is recovered after an update that tried to replace it", async () => {
      declares({});
      failedWith(await stack.platform("preview"), /npx platform recover api-server/);
      assert.match(
        succeeded(await stack.platform("recover")),
        /replacing PersistentVolumeClaim mails-uploads: it stays in the cluster/,
      );
      assert.match(succeeded(await stack.platform("preview")), /No object changes/);
    });

    it("cannot shrink, which a preview says", async () => {
      declares({ size: "1Gi" });
      failedWith(await stack.platform("preview"), /field can not be less than/);
    });

    it("grows in place", async () => {
      declares({ size: "3Gi" });
      const claim = ["get", "persistentvolumeclaim", "mails-uploads", "-n", "commerce-dev", "-o"];
      const uid = () => stack.kubectl(...claim, "jsonpath={.metadata.uid}");
      const former = await uid();
      assert.match(previewed(await stack.platform("preview")), /has another size/);
      await stack.must("up");
      assert.equal(await uid(), former);
      const size = await stack.kubectl(...claim, "jsonpath={.spec.resources.requests.storage}");
      assert.equal(size, "3Gi");
    });

    it("stays behind when its app moves to another namespace", async () => {
      declares({ size: "3Gi" }, "content");
      const output = previewed(await stack.platform("preview"));
      assert.match(output, /the former one stays in the cluster/);
      await stack.must("up");
      for (const namespace of ["commerce-dev", "content-dev"])
        await stack.kubectl("get", "persistentvolumeclaim", "mails-uploads", "-n", namespace);
    });
  });
}
