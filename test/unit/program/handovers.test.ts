import assert from "node:assert/strict";
import { parseStack, type StackConfig } from "../../../config";
import { declareApps } from "../../../program/apps";
import { handoversOf, precedingApps } from "../../../program/handovers";
import { planReleases } from "../../../program/releases";
import type { LiveApp } from "../../../program/wait/live-app";
import { servedBy, type Address } from "../../../program/wait/live-route";
import { declare } from "../../support/declare";

const now = new Date("2026-11-21T12:00:00Z");
const www = "www.platform.test";

function stackOf(apps: Record<string, object>): StackConfig {
  const complete = Object.entries(apps).map(([name, app]) => {
    const image = `harbor.platform.test/${name}/${name}`;
    const domain = `${name}.platform.test`;
    return [name, { team: "commerce", domain, image, stable: { version: "1.4.2" }, ...app }];
  });
  return parseStack("test", {
    environment: "dev",
    domain: "platform.test",
    cluster: { kubeconfig: "none", context: "none" },
    releases: { forcedCanary: false, soak: "0s", checkRequired: false },
    apps: Object.fromEntries(complete) as object,
  });
}

/** An app whose route serves these addresses, besides the one of its domain. */
function live(name: string, ...more: Address[]): LiveApp {
  const addresses = [{ host: `${name}.platform.test`, path: "/" }, ...more];
  return { services: {}, releases: {}, addresses };
}

function plansOf(apps: Record<string, object>, lives: Record<string, LiveApp>) {
  return planReleases(stackOf(apps), {}, now, lives);
}

const none = () => [];

describe("hosts and paths that move from one app of a stack to another", () => {
  it("stay with the former app until the other one serves them", async () => {
    const apps = { shop: {}, store: { hosts: [www] } };
    const plans = plansOf(apps, { shop: live("shop", { host: www, path: "/" }) });
    assert.deepEqual(await precedingRoutes(apps, plans), { shop: ["store"], store: [] });
  });

  it("no app waits for another one where none gives anything up", async () => {
    const apps = { shop: { hosts: [www] }, store: {} };
    const plans = plansOf(apps, { shop: live("shop", { host: www, path: "/" }) });
    assert.deepEqual(await precedingRoutes(apps, plans), { shop: [], store: [] });
  });

  it("are found by host and path, also as parts of each other", () => {
    const shop = live("shop", { host: www, path: "/pay" }, { host: www, path: "/payments" });
    const handovers = (store: object) => handoversOf(plansOf({ shop: {}, store }, { shop }));
    const from = { from: "shop", to: "store", host: www };
    const both = [
      { ...from, path: "/pay" },
      { ...from, path: "/payments" },
    ];
    assert.deepEqual(handovers({ hosts: [www] }), both);
    assert.deepEqual(handovers({ hosts: [www], paths: ["/pay"] }), both.slice(0, 1));
    assert.deepEqual(handovers({ hosts: [www], paths: ["/pay/card"] }), both.slice(0, 1));
    assert.deepEqual(handovers({ hosts: [www], paths: ["/other"] }), []);
    assert.deepEqual(handovers({}), []);
  });

  it("are none where the app keeps the wider path", () => {
    const apps = { shop: { hosts: [www] }, store: { hosts: [www], paths: ["/pay"] } };
    const shop = live("shop", { host: www, path: "/" }, { host: www, path: "/pay" });
    assert.deepEqual(handoversOf(plansOf(apps, { shop })), []);
  });

  it("are those of the former namespace while an app moves", () => {
    const { addresses, ...rest } = live("shop", { host: www, path: "/" });
    const shop = { ...rest, former: { ...rest, addresses } };
    const found = handoversOf(plansOf({ shop: {}, store: { hosts: [www] } }, { shop }));
    assert.deepEqual(found, [{ from: "shop", to: "store", host: www, path: "/" }]);
  });

  it("of two apps that exchange hosts, only the first one waits", () => {
    const [one, other] = [
      { host: "one.platform.test", path: "/" },
      { host: "other.platform.test", path: "/" },
    ];
    const apps = { shop: { hosts: [other.host] }, store: { hosts: [one.host] } };
    const lives = { shop: live("shop", one), store: live("store", other) };
    const before = precedingApps(plansOf(apps, lives), none);
    assert.deepEqual(Object.fromEntries(before), { shop: ["store"], store: [] });
  });

  it("do not contradict the waves of a release group", () => {
    const plans = plansOf(
      { shop: {}, store: { hosts: [www] } },
      { shop: live("shop", { host: www, path: "/" }) },
    );
    const waves = (app: string) => (app === "store" ? ["shop"] : []);
    assert.deepEqual(Object.fromEntries(precedingApps(plans, waves)), {
      shop: [],
      store: ["shop"],
    });
  });

  it("are read from the last rule of a route, for each of its hosts", () => {
    const rules = [
      { matches: [{ path: { value: "/canary" } }] },
      { matches: [{ path: { value: "/a" } }, { path: { value: "/b" } }] },
    ];
    assert.deepEqual(servedBy({ spec: { hostnames: ["x.test", "y.test"], rules } }), [
      { host: "x.test", path: "/a" },
      { host: "x.test", path: "/b" },
      { host: "y.test", path: "/a" },
      { host: "y.test", path: "/b" },
    ]);
    assert.deepEqual(servedBy({ spec: { rules } }), []);
  });
});

/** Returns for each app the apps whose routes must be in place before its own changes. */
async function precedingRoutes(
  apps: Record<string, object>,
  plans: ReturnType<typeof planReleases>,
): Promise<Record<string, string[]>> {
  const platform = {
    context: { environment: "dev" as const },
    gateway: { name: "dev", namespace: "gateway" },
  };
  const { registrations } = await declare((provider) => {
    declareApps(stackOf(apps), plans, platform, { provider });
  });
  const routes = registrations.filter(({ type }) => type.endsWith(":HTTPRoute"));
  return Object.fromEntries(
    routes.map(({ name, inputDependencies }) => [
      name,
      routes.flatMap((other) =>
        other.name !== name && inputDependencies.spec?.includes(other.urn) ? [other.name] : [],
      ),
    ]),
  );
}
