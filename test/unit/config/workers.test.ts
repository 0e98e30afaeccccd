import assert from "node:assert/strict";
import { parseStack, pipelinesOf } from "../../../config";
import { maximumPods, podRequests } from "../../../config/app/requests";
import { templateOf } from "../../../config/app";
import { errorsIn } from "./errors-of";
import { small } from "./small";

const query = { query: 'sum(failed_total{pod=~"$release-.*"})', max: 0 };
const mailer = {
  team: "commerce",
  kind: "worker",
  image: "harbor.platform.test/shop/shop",
  stable: { version: "1.4.2" },
};

function stackWith(fields: object, more: object = {}) {
  return { ...small, ...more, apps: { ...small.apps, mailer: { ...mailer, ...fields } } };
}

function parsed(fields: object = {}) {
  const app = parseStack("dev", stackWith(fields)).apps["mailer"];
  assert.ok(app !== undefined);
  return app;
}

function errorsOf(fields: object, more: object = {}): string[] {
  return errorsIn(() => parseStack("dev", stackWith(fields, more)));
}

const key = "platform:apps.mailer";

describe("the config of a worker", () => {
  it("needs an image, and no domain; it has no pipeline", () => {
    assert.deepEqual(errorsOf({}), []);
    assert.deepEqual(Object.keys(pipelinesOf(parseStack("dev", stackWith({})))), ["shop"]);
    assert.equal(templateOf(parsed()).kind, "worker");
    const shop = parseStack("dev", small).apps["shop"];
    assert.ok(shop !== undefined && !("kind" in templateOf(shop)));
  });

  it("keeps a branch's environment and its own", () => {
    const { tenancy } = small.components;
    const more = { branch: "feature", environment: "test", components: { tenancy } };
    assert.equal(parseStack("dev", stackWith({}, more)).apps["mailer"]?.domain, undefined);
  });

  it("says that only a worker has no domain", () => {
    assert.deepEqual(errorsOf({ kind: "web" }), [
      `${key}.domain: expected a host name in lower case, for example shop.example.com, got nothing; or set kind: worker`,
    ]);
  });

  it("has none of the keys about requests, not even as defaults", () => {
    const gateway = {
      domain: "mailer.platform.test",
      hosts: [],
      paths: ["/"],
      ingress: {},
      allow: ["10.0.0.0/8"],
      maxBodySize: "1Mi",
      rateLimit: { perSecond: 1 },
      number: 3,
      canaryFor: [{ headers: { "x-gray": "1" } }],
      protocol: "http",
    };
    for (const [field, value] of Object.entries(gateway)) {
      assert.equal(
        errorsOf({ [field]: value })[0],
        `${key}.${field}: expected no ${field} of a worker, which has no domain and takes no requests, got one; remove it, or set kind: web`,
      );
    }
    assert.deepEqual(errorsOf({ logDirectories: { devlogs: "/var/log/mailer" } }), [
      `${key}.logDirectories: expected no logDirectories of a worker, whose logs go to standard output: log directories are named after a domain, got one; remove it, or set kind: web`,
    ]);
    for (const field of ["repository", "runtime"]) {
      const value = field === "runtime" ? "node:24.18.0" : "https://git.test/a/b.git";
      const [error = ""] = errorsOf({ [field]: value }).filter((it) => it.startsWith(key));
      assert.match(error, /whose image is another app's: images are named after a domain/);
    }
  });

  it("has a fixed number of pods, and no autoscaler", () => {
    const scaled = {
      ...{ min: 2, max: 10, cpu: 70, memory: 80, requestsPerSecond: 5, down: {} },
    };
    const bounds = ["min", "max", "down"];
    for (const [field, value] of Object.entries(scaled)) {
      const reason = bounds.includes(field)
        ? "has a fixed number of pods: set scaling.replicas, or scale it with scaling.queries"
        : "scales by scaling.queries and scaling.times only";
      const errors = errorsOf({ scaling: { [field]: value } });
      assert.ok(
        errors.includes(
          `${key}.scaling.${field}: expected no scaling.${field} of a worker, which ${reason}, got one; remove it, or set kind: web`,
        ),
        errors.join("\n"),
      );
    }
    assert.match(errorsOf({ scaling: { rest: 1 } })[0] ?? "", /former releases have no pods/);
    assert.deepEqual(errorsOf({ scaling: { replicas: 3 }, maxUnavailable: 4 }), [
      `${key}.maxUnavailable: expected at most scaling.replicas, 3, got 4`,
    ]);
  });

  it("has bounds instead of a number if queries or times scale it, for which it needs KEDA", () => {
    const autoscaling = { keda: { installedIn: "keda", prometheus: "http://prometheus.test" } };
    const keda = { components: { ...small.components, autoscaling } };
    const queries = { queue: { query: "max(queue)", perPod: 10 } };
    const times = [{ from: "0 8 * * *", to: "0 9 * * *", timeZone: "Etc/UTC", min: 3 }];
    const scaling = { min: 2, max: 10, down: {}, queries, times };
    assert.deepEqual(errorsOf({ scaling }, keda), []);
    assert.deepEqual(errorsOf({ scaling: { times } }, keda), []);
    assert.deepEqual(errorsOf({ scaling: { queries, replicas: 3 } }, keda), [
      `${key}.scaling.replicas: expected no scaling.replicas of a worker, which has an autoscaler: set scaling.min and scaling.max, got one; remove it, or set kind: web`,
    ]);
    assert.match(errorsOf({ scaling: { queries } }).join(), /scaling\.queries: .* only KEDA/);
    assert.deepEqual(errorsOf({ scaling, maxUnavailable: 11 }, keda), [
      `${key}.maxUnavailable: expected at most scaling.max, 10, got 11`,
    ]);
    const app = parseStack("dev", stackWith({ scaling }, keda)).apps["mailer"];
    assert.equal(app && maximumPods(app, 1), 20);
  });

  it("has keys that a web app does not have", () => {
    const web = { kind: "web", domain: "mailer.platform.test" };
    assert.deepEqual(errorsOf({ ...web, command: ["run"], scaling: { replicas: 3 } }), [
      `${key}.command: expected no command of a web app, which runs the command of its image, got one; remove it, or set kind: worker`,
      `${key}.scaling.replicas: expected no scaling.replicas of a web app, which is scaled: set scaling.min and scaling.max, got one; remove it, or set kind: worker`,
    ]);
  });

  it("needs a port if HTTP or TCP probes or Prometheus connect to it", () => {
    const probes = { readiness: { path: "/ready" }, liveness: { tcp: true } };
    assert.deepEqual(errorsOf({ probes, metrics: {} }), [
      `${key}.probes.readiness.path: expected a port of the worker for the probe, got none; set ${key}.port, or use command`,
      `${key}.probes.liveness.tcp: expected a port of the worker for the probe, got none; set ${key}.port, or use command`,
      `${key}.metrics.port: expected a port from 1024 to 65535, got nothing; a worker has no default`,
    ]);
    assert.deepEqual(errorsOf({ port: 8081, probes, metrics: {} }), []);
    assert.deepEqual(errorsOf({ probes: { liveness: { command: ["true"] } } }), []);
  });

  it("has a deadline that is longer than its pods must run to count as available", () => {
    assert.deepEqual(errorsOf({ progressDeadlineSeconds: 10 }), [
      `${key}.progressDeadlineSeconds: expected at least 30 seconds, because each pod of a worker without a readiness probe must run for 10 seconds before it counts, got 10; raise it, or set ${key}.probes.readiness`,
    ]);
    const liveness = { command: ["true"] };
    assert.equal(errorsOf({ progressDeadlineSeconds: 29, probes: { liveness } }).length, 1);
    assert.deepEqual(errorsOf({ progressDeadlineSeconds: 30 }), []);
    const probes = { readiness: { command: ["true"] } };
    assert.deepEqual(errorsOf({ progressDeadlineSeconds: 10, probes }), []);
    const web = { kind: "web", domain: "mailer.platform.test", progressDeadlineSeconds: 10 };
    assert.deepEqual(errorsOf(web), []);
  });

  it("needs a query if a check decides, because it has no requests", () => {
    const steps = { weights: [10, 50] };
    const none = (next: string) => [
      `${key}.check.queries: expected at least one query, because a worker has no requests to check its canary with, got none; ${next}`,
    ];
    assert.deepEqual(errorsOf({ steps }), none("add one, or set steps.check: false"));
    assert.deepEqual(errorsOf({ steps, check: { queries: { failed: query } } }), []);
    assert.deepEqual(errorsOf({ steps: { ...steps, check: false } }), []);
    const forced = { releases: { forcedCanary: true, prometheus: "http://prometheus.test" } };
    assert.deepEqual(
      errorsOf({}, forced),
      none("add one, or set platform:releases.checkRequired: false"),
    );
    const service = { query: "sum(x{service='$service'})", max: 0 };
    assert.deepEqual(errorsOf({ check: { queries: { service } } }), [
      `${key}.check.queries.service.query: expected a query without $service, because a worker has no Service, got "sum(x{service='$service'})"; use $release`,
    ]);
  });

  it("is called by no app, and its queries have unique names", () => {
    const shop = { ...small.apps.shop, calls: ["mailer"], check: { queries: { failed: query } } };
    const releases = { ...small.releases, check: { queries: { failed: query } } };
    const apps = { shop, mailer: { ...mailer, check: { queries: { failed: query } } } };
    assert.deepEqual(
      errorsIn(() => parseStack("dev", { ...small, releases, apps })),
      [
        'platform:apps.shop.calls[0]: expected an app that takes requests, got "mailer", which is a worker',
        'platform:apps.shop.check.queries.failed: expected another name, got "failed", which platform:releases.check.queries already uses',
      ],
    );
  });

  it("counts twice for quotas, because both releases have all pods at a promotion", () => {
    assert.equal(maximumPods(parsed(), 1), 4);
    assert.equal(maximumPods(parsed({ scaling: { replicas: 6 } }), 2), 12);
    // Nothing stands in front of it.
    assert.equal(podRequests(parsed({ preset: "php-fpm" })).cpu, 200);
  });
});
