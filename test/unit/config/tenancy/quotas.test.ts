import assert from "node:assert/strict";
import { parseStack } from "../../../../config";
import { maximumPods, podRequests } from "../../../../config/app/requests";
import { amountOf } from "../../../../config/amounts";
import { showCpu, showMemory } from "../../../../config/quantities";
import { type Fields, app, config, errorsOf, commerce } from "./teams";

describe("the check of quotas", () => {
  const scaling = { min: 2, max: 10 };
  const canary = { version: "1.5.0", weight: 10 };
  const apps = {
    shop: app({ scaling, canary }),
    cart: app({ domain: "cart.platform.test", scaling: { min: 1, max: 3 } }),
  };
  // Shop has 2 × 10 + 1 × 2 pods, cart 3 + 1 × 1 and 3 more in a rollback, each with 100m and 128Mi.
  const enough = { cpu: "2900m", memory: "3712Mi", pods: 29 };

  it("accepts a quota that is just sufficient", () => {
    assert.deepEqual(errorsOf(config({ commerce: { quota: enough } }, apps)), []);
  });

  it("lists every number that is too small, with its summands", () => {
    const quota = { cpu: "2899m", memory: "3711Mi", pods: 28 };
    assert.deepEqual(errorsOf(config({ commerce: { quota } }, apps)), [
      `${commerce}.quota.cpu: expected at least 2900m, which the team's apps may request (shop 22 pods × 100m, cart 4 pods × 100m, cart's other release 3 pods × 100m), got "2899m"`,
      `${commerce}.quota.memory: expected at least 3712Mi, which the team's apps may request (shop 22 pods × 128Mi, cart 4 pods × 128Mi, cart's other release 3 pods × 128Mi), got "3711Mi"`,
      `${commerce}.quota.pods: expected at least 29, which the team's apps may request (shop 22 pods, cart 4 pods, cart's other release 3 pods), got 28`,
    ]);
  });

  it("counts the former releases that the stack keeps", () => {
    const releases = { retain: 3 };
    const errors = errorsOf(config({ commerce: { quota: enough } }, apps, { releases }));
    assert.match(errors.join("\n"), /quota\.pods: expected at least 35, .*, got 29/);
  });

  it("has room for both releases of one app at a time, the one that needs the most of a resource", () => {
    const resources = {
      requests: { cpu: "2", memory: "64Mi" },
      limits: { cpu: "2", memory: "64Mi" },
    };
    const two = {
      shop: app({ scaling }),
      cart: app({ domain: "cart.platform.test", scaling: { min: 1, max: 3 }, resources }),
    };
    const errors = errorsOf(
      config({ commerce: { quota: { cpu: "15", memory: "9Gi", pods: 25 } } }, two),
    );
    assert.deepEqual(errors, [
      `${commerce}.quota.cpu: expected at least 15200m, which the team's apps may request (shop 12 pods × 100m, cart 4 pods × 2, cart's other release 3 pods × 2), got "15"`,
      `${commerce}.quota.pods: expected at least 26, which the team's apps may request (shop 12 pods, cart 4 pods, shop's other release 10 pods), got 25`,
    ]);
    const check = { queries: { lag: { query: "sum(lag)", max: 1 } } };
    const worker = { kind: "worker", domain: undefined, scaling: { replicas: 5 }, check };
    const quota = { cpu: "9", memory: "9Gi", pods: 10 };
    assert.deepEqual(errorsOf(config({ commerce: { quota } }, { shop: app(worker) })), []);
  });

  it("does not count other teams' apps", () => {
    const small = { quota: { cpu: "1m", memory: "1Ki", pods: 1 } };
    assert.deepEqual(errorsOf(config({ commerce: { quota: enough }, content: small }, apps)), []);
  });

  const parsed = (fields: Fields) => {
    const { apps: all } = parseStack(
      "dev",
      config(
        { commerce: { quota: { cpu: "999", memory: "9Ti", pods: 999 } } },
        { shop: app(fields) },
      ),
    );
    assert.ok(all["shop"]);
    return all["shop"];
  };
  const size = (cpu: string, memory: string) => ({
    requests: { cpu, memory },
    limits: { cpu: "4", memory: "8Gi" },
  });
  const helper = (cpu: string, memory: string) => ({
    image: "harbor.platform.test/shop/helper:1",
    resources: size(cpu, memory),
  });
  const pods: [title: string, fields: Fields, cpu: string, memory: string][] = [
    ["an app without a preset", {}, "100m", "128Mi"],
    ["an app with a preset", { preset: "java-tomcat" }, "500m", "1Gi"],
    ["an app with a size of its own", { resources: size("1.5", "2Gi") }, "1500m", "2Gi"],
    ["nginx in front of PHP-FPM", { preset: "php-fpm" }, "250m", "288Mi"],
    ["a sidecar", { sidecars: { proxy: helper("50m", "64Mi") } }, "150m", "192Mi"],
    [
      "a small init container",
      { initContainers: [{ name: "wait", ...helper("50m", "64Mi") }] },
      "100m",
      "128Mi",
    ],
    [
      "init containers that are larger than the app, one at a time",
      {
        initContainers: [
          { name: "migrate", ...helper("1", "64Mi") },
          { name: "warm", ...helper("50m", "1Gi") },
        ],
      },
      "1",
      "1Gi",
    ],
    [
      "a sidecar next to a large init container",
      {
        sidecars: { proxy: helper("50m", "64Mi") },
        initContainers: [{ name: "migrate", ...helper("1", "64Mi") }],
      },
      "1050m",
      "192Mi",
    ],
  ];
  for (const [title, fields, cpu, memory] of pods) {
    it(`counts ${title}`, () => {
      const { cpu: millicores, memory: amount } = podRequests(parsed(fields));
      assert.deepEqual([showCpu(millicores), showMemory(amount)], [cpu, memory]);
    });
  }

  it("counts a canary at its highest scale, and a former release at its lowest", () => {
    assert.equal(maximumPods(parsed({ scaling }), 0), 10);
    assert.equal(maximumPods(parsed({ scaling, canary }), 0), 20);
    assert.equal(maximumPods(parsed({ scaling, canary }), 2), 24);
  });

  it("refuses a disk quota that is too small for the apps' requests", () => {
    const resources = {
      requests: { cpu: "100m", memory: "128Mi", "ephemeral-storage": "20Gi" },
      limits: { cpu: "1", memory: "1Gi" },
    };
    const apps = { shop: app({ resources, scaling: { min: 1, max: 2 } }) };
    const key = `${commerce}.quota.ephemeral-storage`;
    const errors = errorsOf(config({ commerce: {} }, apps));
    assert.match(errors.join(), /expected at least \d+Gi, .*, got "25Gi"/);
    assert.ok(
      errors.every((error) => error.startsWith(key)),
      errors.join(),
    );
    const quota = { cpu: "16", memory: "32Gi", pods: 100, "ephemeral-storage": "1Ti" };
    assert.deepEqual(errorsOf(config({ commerce: { quota } }, apps)), []);
  });

  it("reads and writes quantities", () => {
    // A container without its own setting is counted with the space for its log.
    const storage = 64 * 1024;
    const amount = (cpu: string, memory: string) => amountOf({ cpu, memory });
    assert.deepEqual(amount("250m", "512Ki"), { cpu: 250, memory: 512, storage });
    assert.deepEqual(amount("0.125", "3Mi"), { cpu: 125, memory: 3072, storage });
    assert.deepEqual(amount("1.1", "1Ti"), { cpu: 1100, memory: 1024 ** 3, storage });
    assert.deepEqual(amountOf({ cpu: "1", memory: "1Mi", "ephemeral-storage": "2Gi" }), {
      cpu: 1000,
      memory: 1024,
      storage: 2 * 1024 ** 2,
    });
    assert.deepEqual([showCpu(2000), showCpu(2500)], ["2", "2500m"]);
    assert.deepEqual(
      [showMemory(1), showMemory(2048), showMemory(1024 ** 2 * 3), showMemory(1024 ** 3)],
      ["1Ki", "2Mi", "3Gi", "1Ti"],
    );
  });
});
