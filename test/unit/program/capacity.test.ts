import assert from "node:assert/strict";
import { capacityOf, holdSeconds, type Capacity } from "../../../program/capacity";
import { podSentences } from "../../../program/capacity-texts";
import type { LiveApp } from "../../../program/wait/live-app";
import type { DesiredApp } from "../../../releases";
import { at, check, debug, hour, loose, Story, withCanary } from "../releases/story";

interface Setting {
  scaling?: { min: number; max: number; rest?: number };
  /** Ready pods by release, the minimum of its autoscaler, and the number that its Deployment requests. */
  pods?: Record<string, [ready: number, floor: number, replicas?: number]>;
  /** Keys behind the Services, and the route's weight. Default: as recorded. */
  live?: [stable: string, canary: string, weight: number];
  seconds?: number;
}

const named = (key: string) => `shop-${key.replaceAll(".", "-")}`;

function running(
  [stable, canary, weight]: [string, string, number],
  pods: Setting["pods"],
): LiveApp {
  return {
    services: {
      stable: { key: stable, name: named(stable) },
      canary: { key: canary, name: named(canary) },
    },
    weight,
    releases: Object.fromEntries(
      Object.entries(pods ?? {}).map(([key, [ready, floor, replicas]]) => [
        named(key),
        { ready, floor, replicas },
      ]),
    ),
  };
}

/** Returns what an update of a story does to pods, and its messages. */
function of(story: Story, desired: Partial<DesiredApp>, setting: Setting): [Capacity, string[]] {
  const { scaling = { min: 2, max: 40 }, pods, live, seconds = 2 * hour } = setting;
  const { record } = story;
  const plan = story.planned(desired, seconds);
  const { stable = "", canary } = record ?? {};
  const roles = live ?? [stable, canary?.key ?? stable, canary?.weight ?? 0];
  const capacity = capacityOf({
    app: "shop",
    plan,
    record,
    live: running(roles, pods),
    scaling,
    now: new Date(at(seconds)),
  });
  const sentences = podSentences(plan, capacity, scaling);
  return [capacity, sentences.map(({ kind, text }) => `${kind}: ${text}`)];
}

const promote = {
  stable: { version: "1.5.0", check: check("1.5.0", 2 * hour) },
  template: debug,
};

describe("pods before shares", () => {
  it("a promotion needs as many pods as serve all requests now", () => {
    const pods = { "1.4.2": [36, 2], "1.5.0": [4, 2] } as Setting["pods"];
    const [{ releases }, sentences] = of(withCanary(), promote, { pods });
    assert.deepEqual(releases["shop-1-5-0"], {
      ready: 4,
      had: 10,
      asked: 100,
      wanted: 40,
      needed: 40,
      requested: 40,
      floor: 40,
    });
    assert.deepEqual(sentences, [
      "notice: 1.5.0 has 4 of the 40 ready pods that 100% of the requests need; requests wait until they are ready",
    ]);
  });

  it("a higher weight needs the pods of the new share, and stable needs none", () => {
    const pods = { "1.4.2": [9, 2], "1.5.0": [2, 2] } as Setting["pods"];
    const desired = { canary: { version: "1.5.0", weight: 50 } };
    const [{ releases }] = of(withCanary(), desired, { pods });
    assert.equal(releases["shop-1-5-0"]?.needed, 5);
    assert.equal(releases["shop-1-5-0"]?.floor, 5);
    assert.equal(releases["shop-1-4-2"]?.needed, 0);
    assert.equal(releases["shop-1-4-2"]?.floor, 2);
  });

  it("an emergency release at peak load first has the pods of the previous one", () => {
    const override = { by: "ann", reason: "payments are down" };
    const story = new Story();
    story.up({}, -hour);
    const pods = { "1.4.2": [8, 2] } as Setting["pods"];
    const [{ releases }] = of(story, { stable: { version: "1.4.3" }, override }, { pods });
    assert.equal(releases["shop-1-4-3"]?.needed, 8);
    assert.equal(releases["shop-1-4-3"]?.floor, 8);
  });

  it("a rollback from a release that does not work starts the pods that were requested of it", () => {
    const story = withCanary();
    story.up(promote, 2 * hour);
    const pods = { "1.5.0": [1, 2, 12], "1.4.2": [2, 2, 2] } as Setting["pods"];
    const [{ releases }, sentences] = of(story, { template: debug }, { pods, seconds: 4 * hour });
    const { needed, floor } = releases["shop-1-4-2"] ?? {};
    assert.deepEqual([needed, floor], [2, 12], "requests do not wait for pods that serve nothing");
    assert.deepEqual(sentences, [
      "notice: 1.4.2 starts 12 pods: the releases that serve 100% of the requests now have requested as many, but fewer are ready",
    ]);
    const few = of(
      story,
      { template: debug },
      {
        ...{ pods, seconds: 4 * hour, scaling: { min: 2, max: 8 } },
      },
    );
    assert.equal(few[0].releases["shop-1-4-2"]?.floor, 8);
  });

  it("too few possible pods are a danger, and so is not waiting", () => {
    const pods = { "1.4.2": [36, 2], "1.5.0": [4, 2] } as Setting["pods"];
    const scaling = { min: 2, max: 20 };
    const now = { ...promote, stable: { ...promote.stable, now: true } };
    assert.deepEqual(of(withCanary(), now, { pods, scaling })[1], [
      "danger: 1.5.0 would need 40 pods for 100% of the requests, according to the pods that serve now, and scaling.max allows 20",
      "danger: 1.5.0 has 4 of the 20 ready pods that 100% of the requests need; now: true does not wait for the others",
    ]);
  });

  it("a raised minimum falls when nothing moves and the numbers of the autoscaler are current", () => {
    const story = withCanary();
    story.up(promote, 2 * hour);
    const pods = { "1.5.0": [40, 40], "1.4.2": [4, 4] } as Setting["pods"];
    const floors = (seconds: number, rest?: number) => {
      const [{ releases }] = of(story, promote, {
        pods,
        scaling: { min: 4, max: 40, rest },
        seconds,
      });
      return [releases["shop-1-5-0"]?.floor, releases["shop-1-4-2"]?.floor];
    };
    assert.deepEqual(floors(2 * hour + holdSeconds - 1, 1), [40, 4]);
    assert.deepEqual(floors(2 * hour + holdSeconds), [4, 4]);
    assert.deepEqual(floors(2 * hour + holdSeconds, 1), [4, 1]);
  });

  it("a killed update continues with the pods that it had added", () => {
    const story = withCanary();
    const pods = { "1.5.0": [40, 40], "1.4.2": [4, 4] } as Setting["pods"];
    // The Service has already changed, and the record does not contain it.
    const [{ releases, order, moves }] = of(story, promote, { pods, live: ["1.5.0", "1.5.0", 10] });
    assert.equal(moves, true);
    assert.equal(releases["shop-1-5-0"]?.floor, 40);
    assert.equal(releases["shop-1-5-0"]?.needed, 0);
    assert.deepEqual(order, [["stable", "canary"], ["route"]]);
  });

  it("a move to another namespace needs as many pods there as serve in the former one", () => {
    const story = new Story();
    story.up({ namespace: "old" }, -hour);
    const former = running(["1.4.2", "1.4.2", 0], { "1.4.2": [17, 9] });
    const scaling = { min: 2, max: 40 };
    const capacityAt = (live: LiveApp) => {
      const plan = story.planned({ namespace: "new" }, hour);
      const { record } = story;
      return capacityOf({ app: "shop", plan, record, live, scaling, now: new Date(at(hour)) });
    };
    const { releases, moves, order } = capacityAt({ services: {}, releases: {}, former });
    assert.equal(moves, true);
    assert.deepEqual(order, [["stable", "canary"], ["route"]]);
    assert.deepEqual(releases["shop-1-4-2"], {
      ready: undefined,
      had: 0,
      asked: 100,
      wanted: 17,
      needed: 17,
      requested: 17,
      floor: 17,
    });
    // An update that was interrupted has made pods in the new namespace.
    const again = capacityAt({ ...running(["1.4.2", "1.4.2", 0], { "1.4.2": [5, 17] }), former });
    assert.equal(again.releases["shop-1-4-2"]?.ready, 5);
    assert.equal(again.releases["shop-1-4-2"]?.needed, 17);
  });

  it("uses the live state: the order starts from a weight that was changed by hand", () => {
    const desired = { canary: { version: "1.6.0", weight: 20 } };
    const pods = { "1.4.2": [8, 2], "1.5.0": [8, 2] } as Setting["pods"];
    const story = withCanary(loose);
    assert.deepEqual(of(story, desired, { pods })[0].order, [["stable", "canary"], ["route"]]);
    const [{ order }] = of(story, desired, { pods, live: ["1.4.2", "1.5.0", 90] });
    assert.deepEqual(order, [["route"], ["stable", "canary"]]);
  });
});
