import assert from "node:assert/strict";
import program from "../../../index";
import { monitoringPrometheus, parseStack } from "../../../config";
import { record } from "../../../render/record";
import { stackFileConfig } from "../../../config/stack-file";
import { kubernetesObjects } from "../../../render/objects";
import { stackRecording } from "../../support/stacks";
import { small } from "./small";

const required = { forcedCanary: true, checkRequired: true };
const monitoring = {};
const missing =
  /platform:releases\.checkRequired: expected a Prometheus to query, got none: declare monitoring, or set platform:releases\.prometheus/;

describe("the Prometheus that checks of canaries query", () => {
  const asked = (releases: object, components: object = {}) =>
    parseStack("test", { ...small, releases, components: { ...small.components, ...components } })
      .releases.prometheus;

  it("is the stack's own, unless the config names another", () => {
    const elsewhere = "https://prometheus.test";
    assert.equal(asked(required, { monitoring }), monitoringPrometheus);
    assert.equal(asked({ ...required, prometheus: elsewhere }, { monitoring }), elsewhere);
    assert.equal(asked({ ...required, prometheus: elsewhere }), elsewhere);
  });

  it("must exist if the config itself requires a check", () => {
    assert.throws(() => asked(required), missing);
    assert.equal(asked({}), undefined);
    assert.equal(asked({ ...required, checkRequired: false }), undefined);
    assert.equal(asked({ ...required, forcedCanary: false }), undefined);
    const platform = { ...small, apps: {} };
    assert.throws(() => parseStack("test", { ...platform, releases: required }), missing);
    assert.equal(parseStack("test", { ...platform, releases: {} }).releases.prometheus, undefined);
  });

  it("is the Service that the component declares, and is known for prod", async () => {
    const { registrations, outputs } = await stackRecording("prod");
    const service = kubernetesObjects(registrations).find(
      ({ kind, metadata }) =>
        kind === "Service" && metadata.name === "prometheus" && metadata.namespace === "monitoring",
    );
    const { ports } = service?.["spec"] as { ports: { port: number }[] };
    assert.deepEqual(
      ports.map(({ port }) => port),
      [Number(new URL(monitoringPrometheus).port)],
    );
    const values = Object.entries(stackFileConfig("prod")).map(([key, value]) => [
      key.replace("platform:", ""),
      value,
    ]);
    const { releases } = parseStack("prod", Object.fromEntries(values) as Record<string, unknown>);
    assert.deepEqual([releases.checkRequired, releases.prometheus], [true, monitoringPrometheus]);
    const { prometheus } = outputs["platform"] as { prometheus?: string };
    assert.equal(prometheus, monitoringPrometheus);
  });

  it("is the platform stack's for an app stack, which is refused without one", async () => {
    const platformStack = "organization/platform/online";
    const { team, domain, image, stable, canary } = small.apps.shop;
    const config = {
      "platform:environment": "dev",
      "platform:domain": "platform.test",
      "platform:cluster": { kubeconfig: "none", context: "none" },
      "platform:platformStack": platformStack,
      "platform:apps": { shop: { team, domain, image, stable, canary } },
    };
    const facts = {
      environment: "dev",
      gateway: { name: "dev", namespace: "gateway" },
      namespaces: {},
    };
    const app = (platform: object) =>
      record(program, "shop.dev", config, { stackOutputs: { [platformStack]: { platform } } });
    await assert.rejects(app(facts), missing);
    await app({ ...facts, prometheus: monitoringPrometheus });
  });
});
