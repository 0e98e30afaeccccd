import assert from "node:assert/strict";
import { InvalidConfig, parseStack } from "../../../config";
import { gateway } from "../../../config/components/gateway";
import { small } from "./small";

const root = "platform:components.gateway";

/** Returns the errors of the small config with other settings of the gateway and its app. */
function errorsOf(settings: object, app: object = {}): string[] {
  const components = { ...small.components, gateway: settings };
  return errorsIn({ ...small, components, apps: { shop: { ...small.apps.shop, ...app } } });
}

function errorsIn(values: Record<string, unknown>): string[] {
  try {
    parseStack("dev", values);
    return [];
  } catch (error) {
    assert.ok(error instanceof InvalidConfig, String(error));
    return error.errors.map(({ key, message }) => `${key}: ${message}`);
  }
}

describe("the config of the edge", () => {
  it("is by default a node port, a minute for a request, and no proxy in front", () => {
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

  it("serves no host outside the host name of its certificate", () => {
    const tls = { secret: "tls", hostname: "*.platform.test" };
    const message = (host: string) =>
      `expected a host that ${root}.tls.hostname (*.platform.test) serves, got "${host}"; or omit that host name, so that the certificate serves all hosts`;
    const inside = { domain: "shop.platform.test", hosts: ["a.b.platform.test"] };
    assert.deepEqual(errorsOf({ tls }, inside), []);
    const outside = { domain: "platform.test", hosts: ["www.shop.test", "x.platform.test"] };
    assert.deepEqual(errorsOf({ tls }, outside), [
      `platform:apps.shop.domain: ${message("platform.test")}`,
      `platform:apps.shop.hosts[0]: ${message("www.shop.test")}`,
    ]);
    assert.deepEqual(errorsOf({ tls: { secret: "tls" } }, outside), []);
    assert.deepEqual(
      errorsOf({ tls }, { ...outside, canary: undefined, ingress: { className: "nginx" } }),
      [],
    );
  });

  it("serves an Ingress outside that host name only with its own certificate", () => {
    const tls = { secret: "tls", hostname: "*.platform.test" };
    const app = { hosts: ["www.shop.test"], canary: undefined };
    assert.deepEqual(errorsOf({ tls }, { ...app, ingress: {} }), [
      `platform:apps.shop.hosts[0]: expected a host that ${root}.tls.hostname (*.platform.test) serves, got "www.shop.test"; give the Ingress its own tlsSecret, or omit that host name, so that the certificate serves all hosts`,
    ]);
    assert.deepEqual(errorsOf({ tls }, { ...app, ingress: { tlsSecret: "shop-tls" } }), []);
  });

  it("serves a certificate of an Ingress only with HTTPS", () => {
    const app = (ingress: object) => ({ canary: undefined, ingress });
    const own = { tlsSecret: "shop-tls" };
    assert.deepEqual(errorsOf({}, app(own)), [
      `platform:apps.shop.ingress.tlsSecret: expected none without ${root}.tls, because the gateway serves only HTTP, got "shop-tls"; set ${root}.tls as well, or remove it`,
    ]);
    assert.deepEqual(errorsOf({ tls: { secret: "tls" } }, app(own)), []);
    assert.deepEqual(errorsOf({}, app({})), []);
    assert.deepEqual(errorsOf({}, app({ ...own, className: "nginx" })), []);
  });

  it("needs middlewares for allow-lists and limits", () => {
    const message = `expected ${root}.middlewares as well, which the gateway needs to check requests, got none`;
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

  it("needs to know the gateway for an app's allow-list", () => {
    const allow = ["10.0.0.0/8"];
    const { placement, tenancy } = small.components;
    const components = { placement, tenancy };
    const apps = { shop: { ...small.apps.shop, allow } };
    const errors = (values: object) => errorsIn({ ...small, components, apps, ...values });
    assert.deepEqual(errors({}), [
      `platform:apps.shop.allow: expected ${root} with middlewares as well, which the gateway needs to check requests, got none`,
    ]);
    assert.deepEqual(errors({ environment: "test", branch: "pay" }), [
      "platform:apps.shop.allow: expected no list in a branch's stack, which uses the gateway of the common environment, got one; remove it",
    ]);
    const nodeGroups = { fast: { labels: { disk: "ssd" } } };
    const platformStack = "organization/platform/base";
    assert.deepEqual(errors({ platformStack, components: {}, nodeGroups }), []);
  });

  it("uses no node port twice", () => {
    const exposure = { type: "NodePort", uploads: 30443 };
    assert.match(errorsOf({ exposure }).join(), /expected a node port that nothing else uses/);
  });
});
