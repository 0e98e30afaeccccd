import assert from "node:assert/strict";
import { trafficOf } from "../../../cli/preview/traffic";
import { declareApps } from "../../../program/apps";
import { handoversOf, handoverTexts, precedingApps } from "../../../program/handovers";
import { liveAppsIn } from "../../../program/known";
import { planReleases } from "../../../program/releases";
import type { LiveApp } from "../../../program/wait/live-app";
import { servedBy, type Address } from "../../../program/wait/live-route";
import { declare } from "../../support/declare";
import { unforcedStack } from "./handover-stacks";

const now = new Date("2026-11-21T12:00:00Z");
const www = "www.platform.test";

/** An app whose route serves these addresses, besides the one of its domain. */
function live(name: string, ...more: Address[]): LiveApp {
  const addresses = [{ host: `${name}.platform.test`, path: "/" }, ...more];
  return { services: {}, releases: {}, addresses };
}

/** The same for an app whose canary has a share, and that keeps a former release; with its ready pods. */
function serving(name: string, pods: Record<"ready" | "canary" | "retained", number>): LiveApp {
  const release = (key: string) => ({ key, name: `${name}-${key.replaceAll(".", "-")}` });
  const [stable, canary] = [release("1.4.2"), release("1.5.0")];
  return {
    ...live(name),
    services: { stable, canary },
    weight: 20,
    releases: {
      [stable.name]: { ready: pods.ready },
      [canary.name]: { ready: pods.canary },
      [release("1.4.1").name]: { ready: pods.retained },
    },
  };
}

function found(apps: Record<string, object>, lives: Record<string, LiveApp>) {
  return handoversOf(plansOf(apps, lives), lives);
}

function plansOf(apps: Record<string, object>, lives: Record<string, LiveApp>) {
  return planReleases(unforcedStack(apps), {}, now, lives);
}

const none = () => [];

describe("hosts and paths that move from one app of a stack to another", () => {
  it("stay with the former app until the other one serves them", async () => {
    const apps = { shop: {}, store: { hosts: [www] } };
    const plans = plansOf(apps, { shop: live("shop", { host: www, path: "/" }) });
    assert.deepEqual(await precedingRoutes(apps, plans), { shop: ["store"], store: [] });
  });

  it("no app waits for another one if none gives anything up", async () => {
    const apps = { shop: { hosts: [www] }, store: {} };
    const plans = plansOf(apps, { shop: live("shop", { host: www, path: "/" }) });
    assert.deepEqual(await precedingRoutes(apps, plans), { shop: [], store: [] });
  });

  it("are found by host and path, also as parts of each other", () => {
    const shop = live("shop", { host: www, path: "/pay" }, { host: www, path: "/payments" });
    const handovers = (store: object) => found({ shop: {}, store }, { shop });
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

  it("do not exist if the app keeps the wider path", () => {
    const apps = { shop: { hosts: [www] }, store: { hosts: [www], paths: ["/pay"] } };
    const shop = live("shop", { host: www, path: "/" }, { host: www, path: "/pay" });
    assert.deepEqual(found(apps, { shop }), []);
  });

  it("do not go to an app with a wider path than another one", () => {
    const apps = { shop: { hosts: [www] }, store: { hosts: [www], paths: ["/pay"] }, news: {} };
    const news = live("news", { host: www, path: "/pay" });
    const handover = { from: "news", to: "store", host: www, path: "/pay" };
    assert.deepEqual(found(apps, { news }), [handover]);
    assert.deepEqual(found({ ...apps, store: {} }, { news }), [{ ...handover, to: "shop" }]);
  });

  it("are those of the former namespace while an app moves", () => {
    const { addresses, ...rest } = live("shop", { host: www, path: "/" });
    const shop = { ...rest, former: { ...rest, addresses } };
    assert.deepEqual(found({ shop: {}, store: { hosts: [www] } }, { shop }), [
      { from: "shop", to: "store", host: www, path: "/" },
    ]);
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

  it("precede the waves of a release group, because a wave without a step has no order", () => {
    const plans = plansOf(
      { shop: {}, store: { hosts: [www] } },
      { shop: live("shop", { host: www, path: "/" }) },
    );
    const waves = (app: string) => (app === "store" ? ["shop"] : []);
    assert.deepEqual(Object.fromEntries(precedingApps(plans, waves)), {
      shop: ["store"],
      store: [],
    });
    const three = plansOf(
      { blog: {}, shop: {}, store: { hosts: [www] } },
      { shop: live("shop", { host: www, path: "/" }) },
    );
    const order = ["shop", "blog", "store"];
    const earlier = (app: string) => order.slice(0, order.indexOf(app));
    const before = precedingApps(three, earlier, (app) => app !== "shop");
    assert.deepEqual(Object.fromEntries(before), { blog: [], shop: ["store"], store: ["blog"] });
  });

  it("require as many pods as serve them: the new app starts them before it gets a request", () => {
    const lives = { shop: serving("shop", { ready: 12, canary: 3, retained: 2 }) };
    const renamed = { store: { domain: "shop.platform.test", scaling: { max: 20 } } };
    const of = (apps: Record<string, object>) =>
      plansOf(apps, lives)[0]?.capacity.releases["store-1-4-2"];
    assert.deepEqual([of(renamed)?.needed, of(renamed)?.floor], [15, 15]);
    const small = { store: { ...renamed.store, scaling: { max: 8 } } };
    assert.deepEqual([of(small)?.wanted, of(small)?.needed, of(small)?.floor], [15, 8, 8]);
    const other = { store: { scaling: { max: 20 } } };
    assert.deepEqual([of(other)?.needed, of(other)?.floor], [0, 2]);
  });

  it("are found for an app that is no longer in the config, where its record says that it is", async () => {
    const asked: string[] = [];
    const route = { hostnames: ["shop.platform.test"], rules: [{}] };
    const reader = {
      get: <Result>(path: string) => {
        asked.push(path);
        const metadata = { name: "shop" };
        const items = path.includes("/carts/httproutes") ? [{ metadata, spec: route }] : [];
        const service = {
          metadata: { name: "shop-stable", annotations: { "platform/release": "1" } },
        };
        const services = path.includes("/carts/services") ? [service] : [];
        return Promise.resolve({ items: [...items, ...services] } as Result);
      },
      close: () => undefined,
    };
    const config = {
      ...unforcedStack({ store: { domain: "shop.platform.test" } }),
      platform: undefined,
    };
    const lives = await liveAppsIn(config, { shop: { namespace: "carts" } }, [], () => reader);
    const [traffic] = trafficOf("test", config, {}, now, lives);
    assert.deepEqual(traffic?.sentences, [
      "deploy 1.4.2",
      "1.4.2 is the first stable release",
      "takes over shop.platform.test from shop, which keeps its route until the gateway serves the route of store",
    ]);
  });

  it("show in a preview how many pods the new app starts", () => {
    const lives = { shop: serving("shop", { ready: 12, canary: 3, retained: 2 }) };
    const config = unforcedStack({ store: { domain: "shop.platform.test", scaling: { max: 10 } } });
    const [traffic] = trafficOf("test", config, {}, now, lives);
    assert.deepEqual(traffic?.sentences.slice(-1), [
      "1.4.2 has 0 of the 10 ready pods that 100% of the requests need; requests wait until they are ready",
    ]);
    assert.deepEqual(traffic.podDangers, [
      "1.4.2 would need 15 pods for 100% of the requests, according to the pods that serve now, and scaling.max allows 10",
    ]);
  });

  it("are described in a sentence for each app that gives some up", () => {
    const lives = { shop: live("shop", { host: www, path: "/a" }, { host: www, path: "/b" }) };
    const apps = { shop: {}, store: { hosts: [www] } };
    assert.deepEqual(handoverTexts(handoversOf(plansOf(apps, lives), lives)), {
      store: [
        "takes over www.platform.test/a, www.platform.test/b from shop, which keeps its route until the gateway serves the route of store",
      ],
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
    declareApps(unforcedStack(apps), plans, platform, { provider });
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
