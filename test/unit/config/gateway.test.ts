import assert from "node:assert/strict";
import { InvalidConfig, parseStack } from "../../../config";
import { gateway } from "../../../config/components/gateway";
import { small } from "./small";

const root = "platform:components.gateway";

/** Errors of the small config with other settings of the gateway and of its app. */
function errorsOf(settings: object, app: object = {}): string[] {
  const components = { ...small.components, gateway: settings };
  const apps = { shop: { ...small.apps.shop, ...app } };
  try {
    parseStack("dev", { ...small, components, apps });
    return [];
  } catch (error) {
    assert.ok(error instanceof InvalidConfig, String(error));
    return error.errors.map(({ key, message }) => `${key}: ${message}`);
  }
}

describe("the config of the edge", () => {
  it("is a node port, a minute for a request, and nothing in front without more", () => {
    assert.deepEqual(gateway.parse({}), {
      replicas: 2,
      exposure: { type: "NodePort", http: 30080, https: 30443, externalTrafficPolicy: "Cluster" },
      proxies: { forwardedHeaders: [], proxyProtocol: [] },
      timeouts: { read: 60, idle: 180 },
      allow: {},
    });
  });

  it("needs ranges of addresses", () => {
    assert.deepEqual(errorsOf({ proxies: { proxyProtocol: ["10.0.0.4"] } }), [
      `${root}.proxies.proxyProtocol[0]: expected an address range such as 10.20.0.0/16, or 10.20.0.7/32 for one address, got "10.0.0.4"`,
    ]);
  });

  it("needs middlewares for allow-lists and limits", () => {
    const message = `expected ${root}.middlewares beside it, by which the gateway checks requests, got none`;
    assert.deepEqual(errorsOf({ allow: { grafana: ["10.0.0.0/8"] } }), [
      `${root}.allow.grafana: ${message}`,
    ]);
    const app = { allow: ["10.0.0.0/8"], maxBodySize: "20Mi" };
    assert.deepEqual(errorsOf({}, app), [
      `platform:apps.shop.allow: ${message}`,
      `platform:apps.shop.maxBodySize: ${message}`,
    ]);
    assert.deepEqual(errorsOf({ middlewares: {}, allow: { default: ["10.0.0.0/8"] } }, app), []);
  });

  it("gives no port of the machines twice", () => {
    const exposure = { type: "NodePort", uploads: 30443 };
    assert.match(errorsOf({ exposure }).join(), /expected a node port that nothing else uses/);
  });
});
