import assert from "node:assert/strict";
import { trafficOf } from "../../../cli/preview/traffic";
import { takenAddresses } from "../../../program/handovers";
import { planReleases } from "../../../program/releases";
import type { LiveApp } from "../../../program/wait/live-app";
import { unforcedStack } from "./handover-stacks";

const now = new Date("2026-11-21T12:00:00Z");
const www = "www.platform.test";

/** An app with 12 ready pods that serves these paths of the shared host. */
function live(name: string, ...paths: string[]): LiveApp {
  const stable = { key: "1.4.2", name: `${name}-1-4-2` };
  const addresses = paths.map((path) => ({ host: www, path }));
  return {
    services: { stable, canary: stable },
    weight: 0,
    releases: { [stable.name]: { ready: 12 } },
    addresses,
  };
}

/** Returns who takes which path from whom; `keeps` if the former app keeps a wider path. */
function taken(apps: Record<string, object>, lives: Record<string, LiveApp>): string[] {
  const plans = planReleases(unforcedStack(apps), {}, now, lives);
  return takenAddresses(plans, lives).map(
    ({ from, to, path, keepsWider }) => `${from} > ${to} ${path}${keepsWider ? " keeps" : ""}`,
  );
}

/** An app that serves these paths of the shared host. */
const at = (...paths: string[]) => ({ hosts: [www], paths });

describe("a path that another app gets because it is longer", () => {
  it("is taken over from the app that serves its requests now", () => {
    const apps = { shop: at("/"), store: at("/pay") };
    assert.deepEqual(taken(apps, { shop: live("shop", "/") }), ["shop > store /pay keeps"]);
    assert.deepEqual(taken(apps, { shop: live("shop", "/", "/pay") }), ["shop > store /pay keeps"]);
    assert.deepEqual(taken(apps, {}), []);
    const news = { ...apps, news: at("/pay/card") };
    const lives = { shop: live("shop", "/"), store: live("store", "/pay") };
    assert.deepEqual(taken(news, lives), ["store > news /pay/card keeps"]);
  });

  it("is not taken over if the app has its requests already", () => {
    const apps = { shop: at("/"), store: at("/pay", "/pay/card") };
    const lives = { shop: live("shop", "/"), store: live("store", "/pay") };
    assert.deepEqual(taken(apps, lives), []);
    assert.deepEqual(taken({ shop: at("/"), store: at("/payments") }, lives), [
      "store > shop /pay",
      "shop > store /payments keeps",
    ]);
  });

  it("is named once if the former app gives it up", () => {
    const lives = { shop: live("shop", "/pay") };
    assert.deepEqual(taken({ shop: {}, store: at("/pay", "/pay/card") }, lives), [
      "shop > store /pay",
    ]);
  });

  it("comes with the pods that serve it, and is named in the preview", () => {
    const apps = { shop: at("/"), store: { ...at("/pay"), scaling: { max: 20 } } };
    const lives = { shop: live("shop", "/") };
    const plans = planReleases(unforcedStack(apps), {}, now, lives);
    const store = plans.find(({ name }) => name === "store");
    assert.equal(store?.capacity.releases["store-1-4-2"]?.needed, 12);
    const traffic = trafficOf("test", unforcedStack(apps), {}, now, lives);
    assert.deepEqual(traffic.find(({ app }) => app === "store")?.sentences.slice(2, 3), [
      "takes over www.platform.test/pay from shop, which keeps its wider paths",
    ]);
  });
});
