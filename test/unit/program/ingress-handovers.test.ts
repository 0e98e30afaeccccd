import assert from "node:assert/strict";
import type { StackConfig } from "../../../config";
import { declareApps } from "../../../program/apps";
import { handoversOf, handoverTexts } from "../../../program/handovers";
import { liveAppsIn } from "../../../program/known";
import { planReleases } from "../../../program/releases";
import { declare } from "../../support/declare";
import { unforcedStack } from "./handover-stacks";

const now = new Date("2026-11-21T12:00:00Z");
const www = "www.platform.test";

/** Returns what a cluster runs in which `shop` serves the shared host by an Ingress, and by a route if asked. */
function lives(stack: StackConfig, withRoute = false) {
  const metadata = { name: "shop" };
  const paths = [{ path: "/a" }, {}];
  const rules = [{ host: www, http: { paths } }, { http: { paths } }, { host: "bare.test" }];
  const objects: Record<string, object[]> = {
    services: [{ metadata: { name: "shop-stable", annotations: { "platform/release": "1.4.2" } } }],
    ingresses: [
      { metadata, spec: { rules } },
      { metadata: { name: "news" }, spec: { rules } },
    ],
    httproutes: withRoute ? [{ metadata, spec: { hostnames: [www], rules: [{}] } }] : [],
  };
  const get = <Result>(path: string) => {
    const kind = /([a-z]+)\?/.exec(path)?.[1] ?? "";
    return Promise.resolve({ items: objects[kind] ?? [] } as Result);
  };
  const reader = { get, close: () => undefined };
  return liveAppsIn({ ...stack, platform: undefined }, {}, [], () => reader);
}

describe("a host that moves between apps that Ingresses serve", () => {
  const stack = unforcedStack({ shop: {}, store: { hosts: [www] } }, { ingress: {} });

  it("is read from the former app's Ingress, and from its route while both exist", async () => {
    const handover = { from: "shop", to: "store", host: www, byIngress: true };
    const both = [
      { ...handover, path: "/" },
      { ...handover, path: "/a" },
    ];
    const { shop } = await lives(stack);
    assert.deepEqual(shop?.addresses, [
      { host: www, path: "/a" },
      { host: www, path: "/" },
    ]);
    for (const withRoute of [false, true]) {
      const live = await lives(stack, withRoute);
      const plans = planReleases(stack, {}, now, live);
      const found = handoversOf(plans, live);
      assert.deepEqual(
        [...found].sort((a, b) => (a.path < b.path ? -1 : 1)),
        both,
      );
    }
  });

  it("stays with the former app until the Ingress of the other one is in place", async () => {
    const live = await lives(stack);
    const plans = planReleases(stack, {}, now, live);
    assert.deepEqual(handoverTexts(handoversOf(plans, live)), {
      store: [
        `takes over ${www}/a, ${www} from shop, which serves until the Ingress of store is in place`,
      ],
    });
    const platform = {
      context: { environment: "dev" as const },
      gateway: { name: "dev", namespace: "gateway" },
    };
    const { registrations } = await declare((provider) => {
      declareApps(stack, plans, platform, { provider });
    });
    const ingresses = registrations.filter(({ type }) => type.endsWith(":Ingress"));
    const [shop, store] = ["shop", "store"].map((app) => ingresses.find((it) => it.name === app));
    assert.ok(shop !== undefined && store !== undefined);
    assert.ok(shop.inputDependencies.spec?.includes(store.urn));
    assert.ok(!store.inputDependencies.spec?.includes(shop.urn));
  });

  it("comes after both Services of its app", async () => {
    const plans = planReleases(stack, {}, now, {});
    const platform = {
      context: { environment: "dev" as const },
      gateway: { name: "dev", namespace: "gateway" },
    };
    const { registrations } = await declare((provider) => {
      declareApps(stack, plans, platform, { provider });
    });
    const urn = (name: string) => registrations.find((it) => it.name === name)?.urn ?? name;
    const shop = registrations.find(
      ({ name, type }) => name === "shop" && type.endsWith(":Ingress"),
    );
    for (const name of ["shop-stable", "shop-canary"]) {
      assert.ok(shop?.inputDependencies.spec?.includes(urn(name)), name);
    }
  });
});
