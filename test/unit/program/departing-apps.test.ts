import assert from "node:assert/strict";
import type { StackConfig } from "../../../config";
import { liveAppsIn } from "../../../program/known";
import type { Records } from "../../../program/newest-records";
import { RefusedReleases, planReleases } from "../../../program/releases";
import { forcedStack } from "./handover-stacks";

const began = new Date("2026-11-21T12:00:00Z");
const now = new Date("2026-11-25T12:00:00Z");
const host = "shop.platform.test";

/** Returns a resource of app `shop` in the state, as the engine gives it. */
function resource(type: string, namespace: string) {
  const labels = { "app.kubernetes.io/name": "shop", "app.kubernetes.io/part-of": "apps" };
  const metadata = { name: "shop", namespace, labels };
  return { urn: `urn:pulumi:prod::platform::${type}::shop`, type, outputs: { metadata } };
}

/** Returns the component of app `shop` in the state. */
function component(record: unknown) {
  const type = "platform:app:App";
  return { urn: `urn:pulumi:prod::platform::${type}::shop`, type, outputs: { record } };
}

const inState = (...namespaces: string[]) =>
  namespaces.map((place) => resource("kubernetes:core/v1:Service", place));

/** Reads a cluster in which `shop` runs in some namespaces, and its route is in one of them. */
function livesIn(
  stack: StackConfig,
  records: Records,
  resources: Parameters<typeof liveAppsIn>[2],
  routedIn: string,
  runsIn = [routedIn],
) {
  const metadata = { name: "shop" };
  const selector = { "app.kubernetes.io/instance": "shop-1-0-0" };
  const labels = { "app.kubernetes.io/name": "shop" };
  const stable = { metadata: { name: "shop-stable" }, spec: { selector } };
  const route = { metadata, spec: { hostnames: [host], rules: [{}] } };
  const get = <Result>(path: string) => {
    const [, namespace = "", kind = ""] = /namespaces\/([^/]+)\/([a-z]+)\?/.exec(path) ?? [];
    const ready = { readyReplicas: namespace === routedIn ? 4 : 1 };
    const deployment = { metadata: { name: "shop-1-0-0", labels }, status: ready };
    const objects: Record<string, object[]> = {
      services: runsIn.includes(namespace) ? [stable] : [],
      deployments: runsIn.includes(namespace) ? [deployment] : [],
      httproutes: namespace === routedIn ? [route] : [],
    };
    return Promise.resolve({ items: objects[kind] ?? [] } as Result);
  };
  const reader = { get, close: () => undefined };
  return liveAppsIn({ ...stack, platform: undefined }, records, resources, () => reader);
}

function rulesOf(act: () => unknown): string[] {
  try {
    act();
    return [];
  } catch (error) {
    assert.ok(error instanceof RefusedReleases);
    return error.refusals.map(({ app, rule, message }) => `${app} ${rule}: ${message}`);
  }
}

describe("an app that the config no longer has", () => {
  const renamed = forcedStack({ store: { domain: host, stable: { version: "2.0.0" } } });
  const [shop] = planReleases(forcedStack({ shop: {} }), {}, began);

  it("is found in the state if only a failed update has deployed it", async () => {
    const place = "commerce-online";
    const live = await livesIn(renamed, {}, inState(place), place);
    assert.deepEqual(live["shop"]?.addresses, [{ host, path: "/" }]);
    assert.deepEqual(
      rulesOf(() => planReleases(renamed, {}, now, live)),
      [
        "store canary-before-stable: 2.0.0 would get requests of shop, whose stable release is shop-1-0-0, without having been canary; nothing is recorded about it",
      ],
    );
    assert.deepEqual(await livesIn(renamed, {}, [], place), {});
  });

  it("is found in the namespace to which an interrupted update was moving it", async () => {
    const recorded = { shop: { ...shop?.plan.next, namespace: "carts-online" } };
    const both = ["carts-online", "commerce-online"];
    for (const routedIn of both) {
      const live = await livesIn(renamed, recorded, inState(...both), routedIn, both);
      assert.deepEqual(live["shop"]?.addresses, [{ host, path: "/" }]);
      assert.equal(live["shop"]?.releases["shop-1-0-0"]?.ready, 4);
    }
  });
});

describe("an app that moves to another namespace", () => {
  it("is served where its route is, if the end of the move was interrupted", async () => {
    const stack = forcedStack({ shop: {} });
    const records = { shop: { namespace: "carts-online" } };
    const both = ["carts-online", "commerce-online"];
    const [before, after] = await Promise.all(
      both.map((routedIn) => livesIn(stack, records, inState(...both), routedIn, both)),
    );
    const addresses = [{ host, path: "/" }];
    assert.deepEqual(before?.["shop"]?.former?.addresses, addresses);
    assert.equal(after?.["shop"]?.former, undefined);
    assert.deepEqual(after?.["shop"]?.addresses, addresses);
  });

  it("is read where the record of a failed update says that it is", async () => {
    const stack = forcedStack({ shop: { team: "content" } });
    const record = { changedAt: began.toISOString(), namespace: "commerce-online" };
    const live = await livesIn(stack, {}, [component(record)], "commerce-online");
    assert.equal(live["shop"]?.former?.releases["shop-1-0-0"]?.ready, 4);
  });
});
