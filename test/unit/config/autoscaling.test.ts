import assert from "node:assert/strict";
import { parseStack, type StackConfig } from "../../../config";
import { errorsIn } from "./errors-of";

type Fields = Record<string, unknown>;

const shop = (fields: Fields = {}) => ({
  team: "commerce",
  domain: "shop.platform.test",
  image: "harbor.platform.test/shop/shop",
  stable: { version: "1.4.2" },
  scaling: { requestsPerSecond: 50 },
  ...fields,
});

function parsed(autoscaling: unknown, app: Fields = {}, others: Fields = {}): StackConfig {
  return parseStack("dev", {
    environment: "test",
    domain: "platform.test",
    cluster: { kubeconfig: ".kube/config", context: "dev" },
    components: autoscaling === undefined ? {} : { autoscaling },
    apps: { shop: shop(app) },
    ...others,
  });
}

const errorsOf = (...args: Parameters<typeof parsed>) => errorsIn(() => parsed(...args));

const keda = { prometheus: "http://prometheus.monitoring.svc:9090" };
const requests = "platform:apps.shop.scaling.requestsPerSecond";

describe("the config of autoscaling", () => {
  it("has one pod each, and checks certificates by default", () => {
    const { components } = parsed({ metricsServer: {}, keda });
    assert.deepEqual(components.autoscaling, {
      metricsServer: { replicas: 1, kubeletInsecureTls: false },
      keda: { replicas: 1, ...keda },
    });
  });

  it("needs KEDA for an app that is scaled by its requests", () => {
    const message = `${requests}: expected no target, because nothing counts the requests of this app, got 50; remove it, or declare platform:components.autoscaling.keda`;
    assert.deepEqual(errorsOf(undefined), [message]);
    assert.deepEqual(errorsOf({ metricsServer: {} }), [message]);
    assert.deepEqual(errorsOf({ keda }), []);
    assert.deepEqual(errorsOf(undefined, { scaling: {} }), []);
  });

  it("needs a Prometheus for KEDA, its own or the stack's", () => {
    assert.deepEqual(errorsOf({ keda: {} }), [
      "platform:components.autoscaling.keda.prometheus: expected the address of a Prometheus, got nothing; set it, or declare platform:components.monitoring",
    ]);
  });

  it("installs nothing of a KEDA that the cluster already has", () => {
    const crds = { file: ".local/crds/keda.json", sha256: "0".repeat(64) };
    const installedIn = "kube-system";
    assert.deepEqual(errorsOf({ keda: { ...keda, installedIn } }), []);
    const message = (key: string) =>
      `platform:components.autoscaling.keda.${key}: expected none next to installedIn, because the cluster already has KEDA, got some; remove it, or installedIn`;
    assert.deepEqual(errorsOf({ keda: { ...keda, installedIn, crds, replicas: 2 } }), [
      message("crds"),
      message("replicas"),
    ]);
  });

  it("does not count requests of an app behind an Ingress", () => {
    assert.deepEqual(errorsOf({ keda }, { ingress: {} }, { releases: { forcedCanary: false } }), [
      `${requests}: expected no target, because nothing counts the requests of this app, got 50; remove it, or remove ingress: only requests through the gateway's route are counted`,
    ]);
  });

  it("scales a branch only by CPU, because KEDA belongs to the shared environment", () => {
    const { apps } = parsed(undefined, {}, { branch: "feature/pay" });
    assert.equal(apps["shop"]?.scaling.requestsPerSecond, undefined);
  });

  for (const [value, message] of [
    [{}, "platform:components.autoscaling: expected metricsServer, keda or both, got neither"],
    [
      { keda: { prometheus: "prometheus:9090" } },
      'platform:components.autoscaling.keda.prometheus: expected an address such as http://prometheus.monitoring.svc:9090, got "prometheus:9090"',
    ],
    [
      { keda, metricsServer: { replicas: 0 } },
      "platform:components.autoscaling.metricsServer.replicas: expected an integer from 1 to 5, got 0",
    ],
    [
      { keda, metricServer: {} },
      'platform:components.autoscaling.metricServer: expected one of the keys keda, metricsServer, got "metricServer"; did you mean "metricsServer"?',
    ],
  ] as const) {
    it(`refuses ${JSON.stringify(value)}`, () => {
      assert.ok(errorsOf(value).includes(message), errorsOf(value).join("\n"));
    });
  }

  const evening = { from: "0 18 * * *", to: "0 23 * * *", min: 8 };
  const queue = { query: "sum(queue)", perPod: 100 };

  it("scales by queries and by schedule only with KEDA, and a branch by neither", () => {
    const scaling = { times: [evening], queries: { queue } };
    const message = (key: string) =>
      `platform:apps.shop.scaling.${key}: expected none, because only KEDA scales by them, got some; remove them, or declare platform:components.autoscaling.keda`;
    assert.deepEqual(errorsOf(undefined, { scaling }), [message("queries"), message("times")]);
    const online = { releases: { forcedCanary: false } };
    assert.deepEqual(errorsOf({ keda }, { scaling, ingress: {} }, online), []);
    const { apps } = parsed(undefined, { scaling }, { branch: "feature/pay" });
    assert.deepEqual(apps["shop"]?.scaling.times, []);
    assert.deepEqual(apps["shop"]?.scaling.queries, {});
  });

  it("needs different times, and a permitted number of pods", () => {
    const of = (time: object) =>
      errorsOf({ keda }, { scaling: { times: [{ ...evening, ...time }] } });
    const key = "platform:apps.shop.scaling.times[0]";
    assert.deepEqual(of({ to: evening.from }), [
      `${key}.to: expected another time than from, got the same`,
    ]);
    assert.deepEqual(of({ min: 11 }), [`${key}.min: expected at most scaling.max, 10, got 11`]);
    assert.match(of({ from: "18:00" }).join(), /from: expected five cron fields .*, got "18:00"/);
    assert.match(of({ to: "0 7 * * MON" }).join(), /to: expected .*week, .* got "MON" in "0 7 /);
    assert.match(of({ timeZone: "Mars/Base" }).join(), /timeZone: expected a time zone/);
  });

  it("removes pods within at most an hour, in steps of at most half an hour", () => {
    const of = (down: object) => errorsOf(undefined, { scaling: { down } });
    assert.deepEqual(of({}), []);
    assert.match(of({ after: "2h" }).join(), /down\.after: expected at most 1h/);
    assert.match(of({ every: "1h" }).join(), /down\.every: expected 1s to 30m/);
  });

  it("refuses a target of no requests", () => {
    assert.deepEqual(errorsOf({ keda }, { scaling: { requestsPerSecond: 0 } }), [
      `${requests}: expected a number from 0.1 to 1000000, got 0`,
    ]);
  });
});
