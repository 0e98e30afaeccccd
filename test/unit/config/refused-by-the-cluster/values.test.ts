import assert from "node:assert/strict";
import { small } from "../small";
import { type Value, team, resources, errorsOf } from "./values";
import { misread } from "./misread";
import { refused } from "./refused";

const parts = {
  registry: {},
  artifacts: { repositories: {} },
  ci: { repository: { url: "https://git.test/x" }, stacks: { dev: { stack: "dev" } } },
};

function withValue(path: string, value: unknown): Value {
  const config = structuredClone(small) as unknown as Value;
  Object.assign(config["components"] as Value, structuredClone(parts));
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  const parent = keys.reduce<Value>((at, key) => (at[key] ??= {}) as Value, config);
  parent[last] = value;
  return config;
}

describe("a config that the cluster would refuse", () => {
  it("is not the one from which the cases start", () => {
    assert.equal(errorsOf(withValue("domain", "platform.test")), "");
  });

  for (const [path, value, error] of refused) {
    it(`is refused with its key: ${path} ${JSON.stringify(value).slice(0, 80)}`, () => {
      assert.match(errorsOf(withValue(path, value)), error);
    });
  }

  for (const [path, value, error] of misread) {
    it(`is refused, as a program would read it differently: ${path} ${JSON.stringify(value).slice(0, 80)}`, () => {
      assert.match(errorsOf(withValue(path, value)), error);
    });
  }

  for (const [path, value] of [
    ...[
      "0 0 29 2 *",
      "0 0 30 2 1",
      "0 0 30 2 0-6",
      "0 0 30 2 */2",
      "0 0 31 4-5 *",
      "5/15 0 1/30 2 *",
    ].map(
      (schedule) =>
        ["apps.shop.cron", { clean: { schedule, command: ["/clean"] } }] as [string, unknown],
    ),
    ["apps.shop.probes", { liveness: { path: "/health?a={b}&c=//d" } }],
    ["apps.shop.metrics", { path: "/actuator/prometheus" }],
    ["apps.shop.env", { cpu: "0.0" }],
    ["apps.shop.resources", resources({ cpu: "0.001" }, {})],
    ...["release/1.x", "main", "a@b", "feature/日本"].map(
      (branch) =>
        ["components.ci.repository", { url: "https://git.test/x", branch }] as [string, unknown],
    ),
    ["components.ci.stacks.dev", { stack: "organization/platform/dev" }],
    ["components.artifacts.heap", "1048576Ki"],
    [`${team}.quota`, { cpu: "1000000", memory: "1048576Ti", pods: 100 }],
    [`${team}.labels`, { "istio-injection": "disabled", "kubernetes.io/x": "y" }],
    ["apps.shop.check", { queries: { load: { query: "up", min: 1, max: 1 } } }],
    ["releases.soak", "36500d"],
    ["releases.soak", "0s"],
    ["components.monitoring.prometheus", { retention: "2h", scrapeInterval: "1s" }],
    ["apps.shop.configFiles", { "/tmp/shop.yaml": "x", "/etc/proc/x": "y" }],
    ["images.mirror", "mirror.test:5000/images/all"],
    ["apps.shop.resources", resources({ cpu: "200m", memory: "256Mi" }, {})],
    [
      "components.registry.database",
      { type: "external", host: "10.0.0.5", secret: "harbor-postgres" },
    ],
    ["apps.shop.env", { A: "a 🛒\n" }],
    ["apps.shop.image", "a.test:5000/x/y__z/a-b.c"],
    ["apps.shop.sidecars", { proxy: { image: `a/b:1@sha256:${"a".repeat(64)}` } }],
    ["apps.shop.sidecars", { proxy: { image: `proxy@sha256:${"a".repeat(64)}` } }],
    ["apps.shop.tracesEndpoint", "http://[2001:db8::1]:4318/a?b=c#d"],
    [`${team}.egress`, [{ cidr: "0.0.0.0/0", ports: [443], reason: "the web" }]],
    [`${team}.egress`, [{ cidr: "2001:db8:0:1::/64", ports: [443] }]],
    ["components.registry.garbageCollection", "0 */30 2-4,6 1 1-12/2 0"],
  ] as const) {
    it(`is none with ${path} ${JSON.stringify(value).slice(0, 80)}`, () => {
      assert.equal(errorsOf(withValue(path, value)), "");
    });
  }
});
