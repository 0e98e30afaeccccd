import assert from "node:assert/strict";
import { InvalidConfig, parseStack } from "../../../../config";

function stackWith(logging: unknown): Record<string, unknown> {
  return {
    environment: "dev",
    domain: "platform.test",
    cluster: { kubeconfig: ".kube/config", context: "dev" },
    components: { logging },
    apps: {
      shop: {
        team: "commerce",
        domain: "kibana.platform.test",
        image: "harbor.platform.test/shop/shop",
        stable: { version: "1.4.2" },
      },
    },
  };
}

describe("the config of the log pipeline", () => {
  function errors(logging: object): string[] {
    try {
      parseStack("dev", stackWith({ kibana: { host: "logs.platform.test" }, ...logging }));
      return [];
    } catch (error) {
      assert.ok(error instanceof InvalidConfig, String(error));
      return error.errors.map(({ key, message }) => `${key}: ${message}`);
    }
  }

  it("needs nothing", () => {
    assert.deepEqual(errors({}), []);
  });

  it("refuses values that are out of range, by name", () => {
    const key = "platform:components.logging";
    const table: [object, RegExp][] = [
      [{ load: { linesPerDay: 10 } }, new RegExp(`^${key}.load.linesPerDay: expected .*, got 10$`)],
      [{ load: { peakFactor: 0.5 } }, new RegExp(`^${key}.load.peakFactor: expected .*, got 0.5$`)],
      [{ retentionDays: 0 }, new RegExp(`^${key}.retentionDays: expected .*, got 0$`)],
      [
        { kafka: { security: "ssl" } },
        new RegExp(`^${key}.kafka.security: expected .*, got "ssl"$`),
      ],
      [{ rotation: { maximumSize: "1GB" } }, /rotation\.maximumSize: .*number of Ki, Mi, Gi or Ti/],
      [
        { retention: 10 },
        new RegExp(`^${key}.retention: expected one of the keys .*, got "retention"`),
      ],
    ];
    for (const [logging, expected] of table) {
      const [first, ...others] = errors(logging);
      assert.match(first ?? "", expected);
      assert.deepEqual(others, []);
    }
  });

  it("refuses a StorageClass that the stack does not name", () => {
    const [first, ...others] = errors({ storageClass: "nfs" });
    assert.match(
      first ?? "",
      /^platform:components\.logging\.storageClass: expected .*, got "nfs"/,
    );
    assert.deepEqual(others, []);
  });

  it("refuses Kibana at an app's host", () => {
    assert.deepEqual(errors({ kibana: {} }), [
      `platform:apps.shop.domain: expected a host name that nothing else uses, got "kibana.platform.test", which platform:components.logging.kibana.host uses`,
    ]);
  });

  it("refuses an app of another stack that this one declares", () => {
    const key = "platform:components.logging.otherApps";
    const message = (host: string) =>
      `expected an app of another stack, got "${host}" of platform:apps.shop`;
    assert.deepEqual(errors({ otherApps: { shop: "other.platform.test" } }), [
      `${key}.shop: ${message("other.platform.test")}`,
    ]);
    assert.deepEqual(errors({ otherApps: { old: "kibana.platform.test" } }), [
      `${key}.old: ${message("kibana.platform.test")}`,
    ]);
    assert.deepEqual(errors({ otherApps: { old: "old.platform.test" } }), []);
  });
});
