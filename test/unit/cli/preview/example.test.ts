import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { commentOf } from "../../../../cli/preview/comment";
import { change, ending, named, opening, report, traffic, type Change } from "./support";

/** Objects of app shop and of the platform, in the engine's events of one preview. */
const service = (instance: string) => ({
  kind: "Service",
  ...named("shop-stable", "commerce"),
  spec: { selector: { "app.kubernetes.io/instance": instance } },
});
const route = (weight: number) => ({
  kind: "HTTPRoute",
  ...named("shop", "commerce"),
  spec: {
    rules: [
      {
        backendRefs: [
          { name: "shop-stable", weight: 100 - weight },
          { name: "shop-canary", weight },
        ],
      },
    ],
  },
});
const settings = (hours: number) => ({
  kind: "ConfigMap",
  ...named(`kafka-${hours === 24 ? "15c8d3d23c" : "1abcae971f"}`, "logging"),
  data: { "server.properties": `num.partitions=3\nlog.retention.hours=${hours}\n` },
});
const binding = (...groups: string[]) => ({
  kind: "RoleBinding",
  ...named("team-admin", "commerce"),
  roleRef: { kind: "ClusterRole", name: "admin" },
  subjects: groups.map((name) => ({ kind: "Group", name })),
});
const map = { type: "kubernetes:core/v1:ConfigMap", parent: parent("logging:Kafka", "kafka") };
const selector = 'spec.selector["app.kubernetes.io/instance"]';

function parent(type: string, name: string): { type: string; name: string } {
  return { type: `platform:${type}`, name };
}

const changes: Change[] = [
  {
    ...{ op: "refresh", type: "kubernetes:core/v1:Service", name: "shop-stable" },
    ...{ before: service("shop-1-4-2"), after: service("by-hand") },
    differing: { [selector]: true },
  },
  {
    ...{ type: "kubernetes:core/v1:Service", name: "shop-stable" },
    ...{ before: service("by-hand"), after: service("shop-1-4-2") },
  },
  {
    ...{ type: "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute", name: "shop" },
    ...{ before: route(10), after: route(50) },
  },
  { ...map, op: "create", name: "kafka-settings-new", after: settings(1) },
  { ...map, op: "delete", name: "kafka-settings", before: settings(24) },
  {
    ...{ type: "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", name: "team-admin" },
    parent: parent("tenancy:Tenancy", "tenancy"),
    ...{ before: binding("commerce-leads"), after: binding("commerce-leads", "everyone") },
  },
];

const table = (stable: string, canary: string) =>
  `RELEASE  ROLE    WEIGHT\n1.4.2    stable  ${stable}\n1.5.0    canary  ${canary}`;

describe("the example of a comment in docs/preview-example.md", () => {
  it("matches what the renderer produces from a preview's events", () => {
    const comment = commentOf(
      report(
        [...opening(), ...changes.flatMap(change), ...ending()],
        [
          traffic({
            changes: true,
            table: table("90% → 50%", "10% → 50%"),
            sentences: ["weight of canary 1.5.0: 10% → 50%"],
            undo: ["npx platform release weight shop 10 --stack prod --update"],
          }),
          traffic({ app: "news", table: "RELEASE  ROLE    WEIGHT\n2.0.1    stable  100%" }),
        ],
      ),
    );
    // WRITE_EXAMPLE=1 npx mocha test/unit/cli/preview/example.test.ts
    if (process.env.WRITE_EXAMPLE === "1") writeFileSync("docs/preview-example.md", comment);
    assert.equal(readFileSync("docs/preview-example.md", "utf8"), comment);
  });
});
