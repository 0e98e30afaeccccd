import assert from "node:assert/strict";
import { InvalidConfig, parseStack, type StackConfig } from "../../../config";

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

function errorsOf(...args: Parameters<typeof parsed>): string[] {
  try {
    parsed(...args);
    return [];
  } catch (error) {
    assert.ok(error instanceof InvalidConfig, String(error));
    return error.errors.map(({ key, message }) => `${key}: ${message}`);
  }
}

const keda = { prometheus: "http://prometheus.monitoring.svc:9090" };
const requests = "platform:apps.shop.scaling.requestsPerSecond";

describe("the config of autoscaling", () => {
  it("has one pod each, and checks certificates, unless it says otherwise", () => {
    const { components } = parsed({ metricsServer: {}, keda });
    assert.deepEqual(components.autoscaling, {
      metricsServer: { replicas: 1, kubeletInsecureTls: false },
      keda: { replicas: 1, ...keda },
    });
  });

  it("needs KEDA for an app that is scaled by its requests", () => {
    const message = `${requests}: 50 is given, and nothing counts requests; allowed is none, or KEDA in platform:components.autoscaling.keda`;
    assert.deepEqual(errorsOf(undefined), [message]);
    assert.deepEqual(errorsOf({ metricsServer: {} }), [message]);
    assert.deepEqual(errorsOf({ keda }), []);
    assert.deepEqual(errorsOf(undefined, { scaling: {} }), []);
  });

  it("needs a Prometheus for KEDA, its own or the stack's", () => {
    assert.deepEqual(errorsOf({ keda: {} }), [
      "platform:components.autoscaling.keda.prometheus: missing; allowed is the address of a Prometheus, or none where platform:components.monitoring declares one",
    ]);
  });

  it("counts no requests of an app behind an Ingress", () => {
    assert.deepEqual(errorsOf({ keda }, { ingress: {} }, { releases: { forcedCanary: false } }), [
      `${requests}: 50 is given, and the app is served by an Ingress, whose requests are not counted; allowed is none, or the gateway's route`,
    ]);
  });

  it("scales a branch by CPU only, as KEDA is the common environment's", () => {
    const { apps } = parsed(undefined, {}, { branch: "feature/pay" });
    assert.equal(apps["shop"]?.scaling.requestsPerSecond, undefined);
  });

  for (const [value, message] of [
    [
      {},
      "platform:components.autoscaling: nothing is given, allowed is metricsServer, keda or both",
    ],
    [
      { keda: { prometheus: "prometheus:9090" } },
      'platform:components.autoscaling.keda.prometheus: "prometheus:9090" is given, allowed is an address such as http://prometheus.monitoring.svc:9090',
    ],
    [
      { keda, metricsServer: { replicas: 0 } },
      "platform:components.autoscaling.metricsServer.replicas: 0 is given, allowed is a number of at least 1",
    ],
    [
      { keda, metricServer: {} },
      'platform:components.autoscaling.metricServer: unknown key; did you mean "metricsServer"? Allowed are keda, metricsServer',
    ],
  ] as const) {
    it(`refuses ${JSON.stringify(value)}`, () => {
      assert.ok(errorsOf(value).includes(message), errorsOf(value).join("\n"));
    });
  }

  it("refuses a target of no requests", () => {
    assert.deepEqual(errorsOf({ keda }, { scaling: { requestsPerSecond: 0 } }), [
      `${requests}: 0 is given, allowed is a number of at least 0.1`,
    ]);
  });
});
