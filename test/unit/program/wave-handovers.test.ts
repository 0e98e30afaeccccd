import assert from "node:assert/strict";
import { RefusedReleases, planReleases } from "../../../program/releases";
import type { LiveApp } from "../../../program/wait/live-app";
import { unforcedStack } from "./handover-stacks";

const now = new Date("2026-11-21T12:00:00Z");
const www = "www.platform.test";

describe("a host that goes from an app of a wave to an app of a later wave", () => {
  const group = { name: "checkout", file: "checkout.yaml", release: {} };
  const groups = (waves: string[][], back = false) => ({
    groups: [{ group: { ...group, waves }, back }],
    foreign: {},
  });
  const before = { shop: { hosts: [www] }, store: {} };
  const records = Object.fromEntries(
    planReleases(unforcedStack(before), {}, now).map(({ name, plan }) => [name, plan.next]),
  );
  const addresses = [{ host: www, path: "/" }];
  const live: Record<string, LiveApp> = { shop: { services: {}, releases: {}, addresses } };
  const next = { stable: { version: "1.5.0" } };

  function refusals(shop: object, store: object, given = groups([["shop"], ["store"]])): string[] {
    const stack = unforcedStack({ shop, store: { hosts: [www], ...store } });
    try {
      planReleases({ ...stack, groups: given }, records, now, live);
      return [];
    } catch (error) {
      assert.ok(error instanceof RefusedReleases);
      return error.refusals.map(({ app, rule, message }) => `${app} ${rule}: ${message}`);
    }
  }

  it("is refused if both take a step, because nobody would serve it between the two", () => {
    const text = [
      "store wave-order: www.platform.test goes from shop to store, which takes its step after shop in a release group: nobody would serve it until then",
    ];
    assert.deepEqual(refusals(next, next), text);
    assert.deepEqual(refusals(next, next, groups([["store"], ["shop"]], true)), text);
  });

  it("is allowed if one of them takes no step, or the other way round", () => {
    assert.deepEqual(refusals(next, {}), []);
    assert.deepEqual(refusals({}, next), []);
    assert.deepEqual(refusals(next, next, groups([["store"], ["shop"]])), []);
    assert.deepEqual(refusals(next, next, groups([["shop", "store"]])), []);
  });
});
