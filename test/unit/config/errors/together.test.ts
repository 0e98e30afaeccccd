import assert from "node:assert/strict";
import { namespaceOf, parseStack } from "../../../../config";
import { valid, errorsOf } from "./valid";

function shopOf(config: Record<string, unknown>): object {
  return (config["apps"] as Record<string, object>)["shop"] ?? {};
}

function withApp(fields: Record<string, unknown>): Record<string, unknown> {
  const config = valid();
  return { ...config, apps: { shop: { ...shopOf(config), ...fields } } };
}

function withSecondApp(fields: Record<string, unknown>): Record<string, unknown> {
  const config = valid();
  const apps = config["apps"] as Record<string, object>;
  apps["web"] = { ...apps["shop"], ...fields };
  return config;
}

describe("config errors of several keys", () => {
  it("lists every error at once", () => {
    const config = { ...valid(), environment: "x", images: { miror: "m" }, cluster: {} };
    assert.deepEqual(errorsOf(config), [
      'platform:environment: expected one of dev, test, gray, online, got "x"',
      "platform:cluster.kubeconfig: expected a string, got nothing",
      "platform:cluster.context: expected a string, got nothing",
      'platform:images.miror: expected one of the keys digests, mirror, got "miror"; did you mean "mirror"?',
    ]);
  });

  it("says in the first line which stack is refused and that nothing was changed", () => {
    assert.throws(
      () => parseStack("prod", { ...valid(), environment: "x" }),
      /The config of stack "prod" has 1 error; nothing was changed\.\n {2}platform:environment/,
    );
  });

  it("refuses one host name for two apps", () => {
    assert.deepEqual(errorsOf(withSecondApp({})), [
      'platform:apps.web.domain: expected a host name that nothing else uses, got "shop.platform.test", which platform:apps.shop.domain uses',
    ]);
  });

  it("refuses one node port for two apps, or for an app and the gateway", () => {
    const config = withSecondApp({ domain: "web.platform.test", number: 7 });
    const apps = config["apps"] as Record<string, Record<string, unknown>>;
    apps["shop"] = { ...apps["shop"], number: 7 };
    const components = config["components"] as Record<string, unknown>;
    components["gateway"] = { exposure: { type: "NodePort", http: 31007 } };
    assert.deepEqual(errorsOf(config), [
      "platform:apps.shop.number: expected a node port that nothing else uses, got 31007, which platform:components.gateway.exposure.http uses",
      "platform:apps.web.number: expected a node port that nothing else uses, got 31007, which platform:components.gateway.exposure.http uses",
    ]);
  });

  it("refuses an Ingress with a canary, or if every release must be a canary first", () => {
    const config = withApp({ ingress: {}, canary: { version: "1.5.0", weight: 10 } });
    assert.deepEqual(errorsOf(config), [
      'platform:apps.shop.canary: expected no canary with ingress, got "1.5.0"; an Ingress cannot split requests',
      "platform:apps.shop.ingress: expected no Ingress if platform:releases.forcedCanary is true, got one; an Ingress cannot split requests, so that no release could become stable; remove it to use the gateway's route",
    ]);
    assert.deepEqual(
      errorsOf({ ...withApp({ ingress: {} }), releases: { forcedCanary: false } }),
      [],
    );
  });

  it("refuses Service names that two apps, or two uses of one app, produce", () => {
    const external = { host: "db.example.com" };
    const config = withApp({ externalServices: { canary: external } });
    assert.deepEqual(errorsOf(config), [
      'platform:apps.shop.externalServices.canary: expected a Service name that nothing else uses, got "shop-canary", which platform:apps.shop uses',
    ]);
    const long = "x".repeat(32);
    assert.deepEqual(errorsOf(withApp({ externalServices: { [long]: external } })), []);
    const apps = { [long]: { ...shopOf(valid()), externalServices: { [long]: external } } };
    assert.deepEqual(errorsOf({ ...valid(), apps }), [
      `platform:apps.${long}.externalServices.${long}: expected at most 63 characters in the Service name <app>-<name>, got "${long}-${"x".repeat(23)}… of 65`,
    ]);
  });

  it("gives a branch its own environment in test, with only its apps", () => {
    const config: Record<string, unknown> = {
      ...valid(),
      environment: "test",
      branch: "Feature/Pay",
    };
    const stack = parseStack("test", config);
    assert.equal(stack.apps["shop"]?.domain, "featur-8cc19830-shop.platform.test");
    assert.equal(namespaceOf("commerce", stack), "commerce-test-featur-8cc19830");
    config["environment"] = "dev";
    config["components"] = { gateway: {} };
    assert.deepEqual(errorsOf(config), [
      'platform:branch: expected a branch in environment test only, got "Feature/Pay" in environment dev',
      "platform:components.gateway: expected only placement and tenancy in a branch's stack, got gateway; a branch uses the one of the common environment",
    ]);
  });

  it("refuses the freeze of a team that does not exist", () => {
    const freeze = { until: "2027-01-01T00:00:00Z", reason: "sale" };
    assert.deepEqual(errorsOf({ ...valid(), teamFreezes: { commerce: freeze } }), []);
    assert.deepEqual(errorsOf({ ...valid(), teamFreezes: { comerce: freeze } }), [
      'platform:teamFreezes.comerce: expected a team of this stack (commerce), got "comerce"',
    ]);
  });

  it("reads a time as the engine passes it on if the file contains it without quotes", () => {
    const untilOf = (until: string) =>
      parseStack("dev", { ...valid(), freeze: { until, reason: "sale" } }).freeze?.until;
    assert.equal(untilOf("2026-11-21 09:01:45.026 +0000 UTC"), "2026-11-21T09:01:45.026Z");
    assert.equal(untilOf("2027-01-01 00:00:00 +0000 UTC"), "2027-01-01T00:00:00Z");
    assert.equal(untilOf("2027-01-01T00:00:00Z"), "2027-01-01T00:00:00Z");
    const wrong = ["2027-01-01 00:00:00 +0100 CET", "2027-13-01 00:00:00 +0000 UTC", undefined];
    for (const until of wrong) {
      const [message = ""] = errorsOf({ ...valid(), freeze: { until, reason: "sale" } });
      assert.match(message, /^platform:freeze\.until: .*expected a UTC time such as/);
    }
  });
});
