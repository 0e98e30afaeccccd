import assert from "node:assert/strict";
import { InvalidConfig, parseStack } from "../../../config";

function errorsOf(dashboard: unknown, domain = "shop.platform.test"): string[] {
  try {
    parseStack("dev", {
      environment: "dev",
      domain: "platform.test",
      cluster: { kubeconfig: ".kube/config", context: "dev" },
      components: { dashboard, monitoring: {} },
      apps: {
        shop: {
          team: "commerce",
          domain,
          image: "harbor.platform.test/shop/shop",
          stable: { version: "1.4.2" },
        },
      },
    });
    return [];
  } catch (error) {
    assert.ok(error instanceof InvalidConfig, String(error));
    return error.errors.map(({ key, message }) => `${key}: ${message}`);
  }
}

const key = "platform:components.dashboard";
const oidc = { issuer: "https://login.example.com", clientId: "platform", secret: "login" };

describe("the config of the dashboard", () => {
  it("needs nothing", () => {
    assert.deepEqual(errorsOf({}), []);
    assert.deepEqual(errorsOf({ oidc, host: "cluster.example.com" }), []);
  });

  it("has a host that no app and no other web UI has", () => {
    const taken = (owner: string, host: string) =>
      `${owner}: expected a host name that nothing else uses, got "${host}", which ${key}.host uses`;
    assert.deepEqual(errorsOf({}, "dashboard.platform.test"), [
      taken("platform:apps.shop.domain", "dashboard.platform.test"),
    ]);
    assert.deepEqual(errorsOf({ host: "grafana.platform.test" }), [
      taken("platform:components.monitoring.pages.grafana", "grafana.platform.test"),
    ]);
  });

  it("has one pod if people log in at an identity provider", () => {
    assert.deepEqual(errorsOf({ oidc, replicas: 2 }), [
      `${key}.replicas: expected 1 replica with oidc, got 2; a login must end at the pod where it began`,
    ]);
  });

  it("trusts an identity provider only over HTTPS", () => {
    assert.deepEqual(errorsOf({ oidc: { ...oidc, issuer: "http://login.example.com" } }), [
      `${key}.oidc.issuer: expected an address such as https://login.example.com, got "http://login.example.com"`,
    ]);
  });
});
