import assert from "node:assert/strict";
import { at } from "../../../support/declare";
import { workloads } from "../../../support/workloads";
import { registry, env } from "./declared";

const highlyAvailable = {
  replicas: 3,
  storage: {
    type: "s3",
    bucket: "harbor",
    region: "eu-1",
    endpoint: "https://s3.platform.test",
    secret: "harbor-s3",
  },
  database: { type: "external", host: "postgres.platform.test", secret: "harbor-postgres" },
  redis: { type: "external", host: "redis.platform.test", secret: "harbor-cache" },
};

describe("Registry", () => {
  it("declares every part of Harbor", async () => {
    const declared = await registry();
    assert.deepEqual(declared.names("Deployment"), [
      "harbor-core",
      "harbor-exporter",
      "harbor-jobservice",
      "harbor-portal",
      "harbor-registry",
    ]);
    assert.deepEqual(declared.names("StatefulSet"), [
      "harbor-database",
      "harbor-redis",
      "harbor-trivy",
    ]);
    assert.deepEqual(declared.names("PersistentVolumeClaim"), ["harbor-registry"]);
    assert.deepEqual(declared.names("PodDisruptionBudget"), []);
    assert.equal(declared.names("Job").length, 1);
  });

  it("uses external databases and storage without declaring any", async () => {
    const declared = await registry(highlyAvailable);
    assert.deepEqual(declared.names("StatefulSet"), ["harbor-trivy"]);
    assert.deepEqual(declared.names("PersistentVolumeClaim"), []);
    assert.ok(!declared.names("Secret").includes("harbor-database"));
    assert.deepEqual(declared.names("PodDisruptionBudget"), [
      "harbor-core",
      "harbor-jobservice",
      "harbor-portal",
      "harbor-registry",
      "harbor-trivy",
    ]);
    const core = env(declared, "harbor-core");
    assert.equal(core["POSTGRESQL_HOST"], "postgres.platform.test");
    assert.equal(core["POSTGRESQL_SSLMODE"], "require");
    assert.equal(core["POSTGRESQL_USERNAME"], "harbor-postgres/username");
    assert.equal(core["POSTGRESQL_PASSWORD"], "harbor-postgres/password");
    assert.equal(core["REDIS_PASSWORD"], "harbor-cache/password");
    assert.equal(core["POSTGRESQL_MAX_OPEN_CONNS"], "300");
    assert.equal(core["REGISTRY_STORAGE_PROVIDER_NAME"], "s3");
    for (const container of [0, 1]) {
      const layers = env(declared, "harbor-registry", container);
      assert.equal(layers["REGISTRY_STORAGE_S3_ACCESSKEY"], "harbor-s3/accessKey");
      assert.equal(layers["REGISTRY_STORAGE_S3_SECRETKEY"], "harbor-s3/secretKey");
    }
  });

  const strategies: [string, object, string, string][] = [
    ["a volume of one machine", {}, "Recreate", "ReadWriteOnce"],
    [
      "a shared volume",
      { replicas: 2, storage: { type: "volume", shared: true } },
      "RollingUpdate",
      "ReadWriteMany",
    ],
  ];
  for (const [what, changed, type, mode] of strategies) {
    it(`replaces the pods of ${what} by ${type}`, async () => {
      const declared = await registry(changed);
      const layers = declared.object("Deployment", "harbor-registry");
      assert.equal(at(layers, "spec.strategy.type"), type);
      const claim = declared.object("PersistentVolumeClaim", "harbor-registry");
      assert.deepEqual(at(claim, "spec.accessModes"), [mode]);
      const core = declared.object("Deployment", "harbor-core");
      assert.equal(at(core, "spec.strategy.type"), "RollingUpdate");
    });
  }

  it("routes the API and images to core, the rest to the portal, without a time limit", async () => {
    const route = (await registry()).object("HTTPRoute", "harbor");
    assert.deepEqual(at(route, "spec.hostnames"), ["harbor.platform.test"]);
    const rules = at(route, "spec.rules") as {
      matches: { path: { value: string } }[];
      backendRefs: { name: string; port: number }[];
      timeouts: object;
    }[];
    assert.deepEqual(
      rules.map(({ matches, backendRefs }) => [matches[0]?.path.value, backendRefs[0]?.name]),
      [
        ["/api/", "harbor-core"],
        ["/service/", "harbor-core"],
        ["/v2/", "harbor-core"],
        ["/c/", "harbor-core"],
        ["/", "harbor-portal"],
      ],
    );
    assert.ok(rules.every(({ timeouts }) => JSON.stringify(timeouts) === '{"request":"0s"}'));
  });

  it("starts core after its databases, and configures Harbor after its parts", async () => {
    const { registrations } = await registry();
    const dependencies = (name: RegExp) =>
      registrations
        .find((entry) => /Deployment|Job$/.test(entry.type) && name.test(entry.name))
        ?.dependencies.map((urn) => urn.split("::").at(-1)) ?? [];
    for (const name of ["harbor-database", "harbor-redis"]) {
      assert.ok(dependencies(/^harbor-core$/).includes(name));
    }
    assert.ok(dependencies(/^harbor-jobservice$/).includes("harbor-core"));
    for (const name of ["harbor-core", "harbor-registry", "harbor-jobservice", "harbor-portal"]) {
      assert.ok(dependencies(/^harbor-bootstrap-/).includes(name), name);
    }
  });

  for (const [what, changed] of [
    ["with everything in the cluster", {}],
    ["with databases and storage of others", highlyAvailable],
  ] as const) {
    it(`closes its namespace ${what}, and every connection is allowed at both ends`, async () => {
      const { objects } = await registry(changed);
      type Rule = { from?: Peer[]; to?: Peer[]; ports: { port: number }[] };
      type Peer = { podSelector?: { matchLabels?: Record<string, string> }; ipBlock?: object };
      const policies = new Map(
        objects
          .filter(({ kind }) => kind === "NetworkPolicy")
          .map((object) => [
            object.metadata.name,
            at(object, "spec") as { ingress?: Rule[]; egress?: Rule[] },
          ]),
      );
      assert.deepEqual(policies.get("default-deny")?.ingress, undefined);
      const name = ({ podSelector }: Peer) => podSelector?.matchLabels?.["app.kubernetes.io/name"];
      const allowed = (from: string, to: string, port: number) =>
        policies
          .get(to)
          ?.ingress?.some(
            (rule) =>
              rule.ports.some((one) => one.port === port) &&
              rule.from?.some((peer) => name(peer) === from),
          );
      let ways = 0;
      for (const [from, { egress = [] }] of policies) {
        for (const rule of egress) {
          for (const to of (rule.to ?? []).map(name).filter((one) => one !== undefined)) {
            for (const { port } of rule.ports) {
              ways += 1;
              assert.ok(allowed(from, to, port), `${from} may reach ${to}:${port}, which refuses`);
            }
          }
        }
      }
      assert.ok(ways >= 10, String(ways));
      for (const workload of workloads(objects)) {
        const own = at(workload.object, "spec.template.metadata.labels") as Record<string, string>;
        assert.ok(policies.has(own["app.kubernetes.io/name"] ?? ""), workload.object.metadata.name);
      }
    });
  }

  it("has scrape annotations for its metrics", async () => {
    const { objects } = await registry();
    const scraped = workloads(objects)
      .filter(
        ({ object }) =>
          (at(object, "spec.template.metadata") as { annotations?: Record<string, string> })
            .annotations?.["prometheus.io/scrape"] === "true",
      )
      .map(({ object, pod }) => {
        const metrics = pod.containers[0]?.ports?.find(({ name }) => name === "metrics");
        return [object.metadata.name, metrics?.containerPort];
      });
    assert.deepEqual(scraped, [
      ["harbor-core", 8001],
      ["harbor-exporter", 8001],
      ["harbor-jobservice", 8001],
      ["harbor-registry", 8001],
    ]);
  });
});
