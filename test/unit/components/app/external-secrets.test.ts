import assert from "node:assert/strict";
import type { AppArgs, LiveRelease } from "../../../../components/app";
import { at } from "../../../support/declare";
import { shop, template, type PodSpec } from "../../../support/shop";

const secretStores = { vault: { kind: "ClusterSecretStore" } };

function release(version: string, secretVersion: string, fields: object = {}): LiveRelease {
  const data = { password: { key: "shop/login", property: "password", version: secretVersion } };
  return {
    name: `shop-${version.replaceAll(".", "-")}`,
    key: version,
    version,
    template: template({
      externalSecrets: { login: { store: "vault", data } },
      secretEnv: {
        PASSWORD: { secret: "login", key: "password" },
        OTHER: { secret: "by-hand", key: "a" },
      },
      secretFiles: { "/etc/login": "login", "/etc/other": "by-hand" },
      ...fields,
    }),
  };
}

function declared(releases: LiveRelease[], args: Partial<AppArgs> = {}) {
  return shop({ releases, secretStores, ...args });
}

function secretsOf(pod: PodSpec): string[] {
  const variables = (pod.containers[0]?.env ?? []).flatMap(({ valueFrom }) => {
    const { secretKeyRef } = (valueFrom ?? {}) as { secretKeyRef?: { name: string } };
    return secretKeyRef === undefined ? [] : [secretKeyRef.name];
  });
  const files = pod.volumes.flatMap(({ secret }) =>
    secret === undefined ? [] : [(secret as { secretName: string }).secretName],
  );
  return [...variables, ...files];
}

describe("a release's Secrets from a store", () => {
  it("are created once by the operator, and immutable", async () => {
    const made = await declared([release("1.4.2", "3")]);
    const [name = ""] = made.names("ExternalSecret");
    assert.match(name, /^shop-login-[0-9a-f]{10}$/);
    const object = made.object("ExternalSecret", name);
    assert.equal(object.apiVersion, "external-secrets.io/v1");
    assert.deepEqual(at(object, "spec"), {
      refreshPolicy: "CreatedOnce",
      secretStoreRef: { name: "vault", kind: "ClusterSecretStore" },
      target: { name, creationPolicy: "Owner", immutable: true },
      data: [
        {
          secretKey: "password",
          remoteRef: { key: "shop/login", property: "password", version: "3" },
        },
      ],
    });
  });

  it("are used by its pods, in addition to those that somebody creates by hand", async () => {
    const made = await declared([release("1.4.2", "3")]);
    const [name] = made.names("ExternalSecret");
    const pod = at(made.object("Deployment", "shop-1-4-2"), "spec.template.spec") as PodSpec;
    assert.deepEqual(secretsOf(pod), [name, "by-hand", name, "by-hand"]);
    const { registrations } = made;
    const urn = registrations.find((each) => each.name === name)?.urn ?? "none";
    const deployment = registrations.find(({ type }) => type.endsWith(":Deployment"));
    assert.ok(deployment?.dependencies.includes(urn));
  });

  it("differ for another version of a value, and each release keeps its own", async () => {
    const older = release("1.4.2", "3");
    const both = await declared([older, release("1.5.0", "4")], {
      canary: "shop-1-5-0",
      canaryWeight: 10,
    });
    assert.equal(both.names("ExternalSecret").length, 2);
    const names = ["shop-1-4-2", "shop-1-5-0"].map(
      (name) => secretsOf(at(both.object("Deployment", name), "spec.template.spec") as PodSpec)[0],
    );
    assert.notEqual(names[0], names[1]);
    const alone = await declared([older]);
    assert.deepEqual(alone.names("ExternalSecret"), [names[0]]);
    const same = await declared([older, release("1.5.0", "3")], {
      canary: "shop-1-5-0",
      canaryWeight: 10,
    });
    assert.deepEqual(same.names("ExternalSecret"), [names[0]]);
  });

  it("are those of the stable release in the app's jobs", async () => {
    const clean = {
      ...{ schedule: "30 2 * * *", timeZone: "Etc/UTC", command: ["/app/clean"] },
      ...{ concurrencyPolicy: "Forbid" as const, activeDeadlineSeconds: 600, retries: 0 },
      ...{ history: { successful: 1, failed: 3 }, suspend: false },
    };
    const work = { cron: { clean: { command: ["/app/clean"] } } };
    const made = await declared([release("1.4.2", "3", work)], { cron: { clean } });
    const pod = at(
      made.object("CronJob", "shop-clean"),
      "spec.jobTemplate.spec.template.spec",
    ) as PodSpec;
    assert.equal(secretsOf(pod)[0], made.names("ExternalSecret")[0]);
  });

  it("need their store as long as a release uses them", async () => {
    await assert.rejects(
      declared([release("1.4.2", "3")], { secretStores: {} }),
      /platform:secretStores: expected the store "vault", from which a live release of app "shop" has Secrets, got none\./,
    );
  });
});
