import assert from "node:assert/strict";
import { ProgramError } from "../../../../config";
import { plan, type AppRecord } from "../../../../releases";
import { desiredApp } from "../../../../program/decision";
import { parseStack } from "../../../../config";
import { dangersOf } from "../../../../cli/preview/dangers";
import { trafficOf, type AppTraffic } from "../../../../cli/preview/traffic";

const now = new Date("2026-11-21T08:00:00Z");

type App = Record<string, unknown>;

function values(shop: App | undefined, more: App = {}): Record<string, unknown> {
  const app = {
    team: "commerce",
    domain: "shop.platform.test",
    image: "harbor.platform.test/shop/shop",
    ...shop,
  };
  return {
    environment: "dev",
    domain: "platform.test",
    cluster: { kubeconfig: ".kube/config", context: "dev" },
    components: { tenancy: { teams: { commerce: {} } } },
    releases: { forcedCanary: false, soak: "0s", checkRequired: false, secondRelease: "supersede" },
    apps: shop === undefined ? {} : { shop: app },
    ...more,
  };
}

/** Returns the record after updates with these configs of the shop, one after the other. */
function recordAfter(...shops: App[]): AppRecord {
  let record: AppRecord | undefined;
  for (const shop of shops) {
    const config = parseStack("dev", values(shop));
    const app = config.apps.shop;
    assert.ok(app !== undefined);
    const answer = plan(record, desiredApp("shop", app, config), now, config.releases);
    assert.ok(answer.kind === "plan");
    record = answer.next;
  }
  assert.ok(record !== undefined);
  return record;
}

function of(shop: App | undefined, record?: AppRecord, more: App = {}): AppTraffic {
  const [first, ...others] = trafficOf(
    "dev",
    parseStack("dev", values(shop, more)),
    record === undefined ? {} : { shop: record },
    now,
  );
  assert.ok(first !== undefined);
  assert.deepEqual(others, []);
  return first;
}

const stable = { stable: { version: "1.4.2" } };
const canary = (weight: number, version = "1.5.0") => ({ ...stable, canary: { version, weight } });
const digest = `sha256:${"a".repeat(64)}`;
const promoted = { stable: { version: "1.5.0" } };

const release = (text: string) => `npx platform release ${text} --stack dev --update`;

describe("an app's traffic", () => {
  it("is shown before and after: release, image, share", () => {
    const { table, changes, sentences } = of(canary(50), recordAfter(canary(10)));
    assert.equal(changes, true);
    assert.match(table, /1\.4\.2 +harbor\.platform\.test\/shop\/shop:1\.4\.2 +stable +90% → 50%/);
    assert.match(table, /1\.5\.0 +harbor\.platform\.test\/shop\/shop:1\.5\.0 +canary +10% → 50%/);
    assert.deepEqual(sentences, ["weight of canary 1.5.0: 10% → 50%"]);
  });

  it("is new on the first update, with nothing to undo", () => {
    const { table, changes, undo } = of(stable);
    assert.match(table, /new → stable +- → 100%/);
    assert.deepEqual([changes, undo], [true, []]);
  });

  it("is unchanged if nothing changes", () => {
    const { changes, undo, sentences } = of(canary(10), recordAfter(canary(10)));
    assert.deepEqual([changes, undo, sentences], [false, [], []]);
  });

  it("names the releases that stay as they are, with no larger share", () => {
    const { steady } = of(stable, recordAfter(stable, canary(10), promoted));
    assert.deepEqual(steady, ["shop-1-5-0"], "the release that a rollback leaves");
    assert.deepEqual(of(canary(0), recordAfter(stable)).steady, ["shop-1-4-2"]);
    assert.deepEqual(of(canary(50), recordAfter(canary(10))).steady, ["shop-1-4-2"]);
    assert.deepEqual(of(stable, recordAfter(canary(10))).steady, [], "stable gets more");
    assert.deepEqual(of(stable).steady, []);
    const edited = of({ ...stable, env: { A: "b" } }, recordAfter(stable));
    assert.deepEqual([edited.inPlace, edited.steady], [["shop-1-4-2"], []]);
    const worker = (weight: number) => ({ ...canary(weight), kind: "worker", domain: undefined });
    const both = ["shop-1-4-2", "shop-1-5-0"];
    assert.deepEqual(of(worker(10), recordAfter(worker(10))).steady, both);
    assert.deepEqual(of(worker(5), recordAfter(worker(10))).steady, [], "its pods change");
  });

  it("ends when the app is removed", () => {
    const { table, changes, sentences } = of(undefined, recordAfter(canary(10)));
    assert.equal(changes, true);
    assert.match(table, /stable → gone +90% → -/);
    assert.match(table, /canary → gone +10% → -/);
    assert.match(sentences.join(), /all of it is deleted/);
  });

  it("says that a fixed node port never leads to a canary", () => {
    const text =
      "requests on node port 31007 all go to the stable release; the share of 1.5.0 and its check concern only requests through the gateway";
    const shop = (weight: number) => ({ ...canary(weight), number: 7 });
    assert.ok(of(shop(50), recordAfter(shop(10))).sentences.includes(text));
    assert.deepEqual(of(shop(10), recordAfter(shop(10))).sentences, []);
    assert.ok(!of(canary(50), recordAfter(canary(10))).sentences.includes(text));
    const none = of({ ...promoted, number: 7 }, recordAfter(shop(10)));
    assert.ok(!none.sentences.includes(text));
  });

  it("moves to another namespace as a danger, with the pods that serve in the former one", () => {
    const record = recordAfter(stable);
    const teams = { components: { tenancy: { teams: { commerce: { namespace: "shops" } } } } };
    const config = parseStack("dev", values({ ...stable, scaling: { min: 2, max: 40 } }, teams));
    const role = { key: "1.4.2", name: "shop-1-4-2" };
    const former = {
      services: { stable: role, canary: role },
      weight: 0,
      releases: { "shop-1-4-2": { ready: 9 } },
    };
    const live = { shop: { services: {}, releases: {}, former } };
    const traffic = trafficOf("dev", config, { shop: record }, now, live);
    const [shop] = traffic;
    assert.match(
      shop?.sentences.join("\n") ?? "",
      /0 of the 9 ready pods that 100% of the requests/,
    );
    assert.deepEqual(shop?.podDangers, []);
    assert.match(
      dangersOf([], traffic, [])
        .map(({ kind, text }) => `${kind}: ${text}`)
        .join("\n"),
      /^replacement: `shop` moves from namespace `commerce-dev` to `shops`: .* every object of it in `commerce-dev` is deleted.* `http:\/\/shop-stable\.commerce-dev`, an address of `shop`, no longer answers after the move: apps that use this address must use the app's domain/,
    );
    // A worker has no address.
    const worker = traffic.map((it) => ({ ...it, move: { from: "commerce-dev", to: "shops" } }));
    const [danger] = dangersOf([], worker, []);
    assert.match(danger?.text ?? "", /new pods, which work next to the former ones until/);
    assert.doesNotMatch(danger?.text ?? "", /request|answers/);
  });

  it("is unchanged if the release is refused", () => {
    const forced = { releases: { forcedCanary: true, soak: "0s", checkRequired: false } };
    const { table, refusals, changes } = of(
      { stable: { version: "2.0.0" } },
      recordAfter(stable),
      forced,
    );
    assert.match(table, /1\.4\.2 .* stable +100%/);
    assert.deepEqual(
      refusals.map(({ app, rule }) => [app, rule]),
      [["shop", "canary-before-stable"]],
    );
    assert.equal(changes, false);
  });

  it("names the releases that its Services select", () => {
    const { selected, releases } = of(promoted, recordAfter(canary(10)));
    assert.deepEqual(selected, { "shop-stable": "shop-1-5-0", "shop-canary": "shop-1-5-0" });
    assert.deepEqual([...new Set(releases)].sort(), ["shop-1-4-2", "shop-1-5-0"]);
  });

  it("shows a freeze and an override", () => {
    const freeze = { freeze: { until: "2027-01-01T00:00:00Z", reason: "year's end" } };
    const { frozen } = of({ ...canary(10), ...freeze }, recordAfter(canary(10)));
    assert.match(frozen ?? "", /app shop is frozen until 2027.*year's end/);
    const override = { override: { reason: "outage", by: "eve" } };
    const { overrides } = of({ ...canary(50), ...freeze, ...override }, recordAfter(canary(10)));
    assert.match(overrides.join(), /eve overrides frozen .*: outage/);
  });

  it("is refused if stable is missing, and shows an override that deletes everything", () => {
    const lost = of({}, recordAfter(stable));
    assert.deepEqual(
      [lost.changes, lost.refusals.map(({ rule }) => rule)],
      [false, ["stable-missing"]],
    );
    const override = { by: "ann", reason: "the shop moves out" };
    const told = of({ override }, recordAfter(stable));
    assert.deepEqual([told.changes, told.refusals], [true, []]);
    assert.match(told.overrides.join(), /^ann overrides stable-missing .*: the shop moves out$/);
  });

  it("is unknown for an invalid config or a damaged record", () => {
    assert.throws(() => of({ stable: {} }), ProgramError);
    assert.throws(() => of(stable, { schema: 9 } as never), ProgramError);
  });
});

describe("commands that undo a release", () => {
  const cases: [what: string, before: App[], after: App, commands: string[]][] = [
    ["another weight", [canary(10)], canary(50), [release("weight shop 10")]],
    ["a new canary", [stable], canary(10), [release("rollback shop")]],
    ["an end of the canary", [canary(10)], stable, [release("canary shop 1.5.0 --weight 10")]],
    [
      "an end of a canary that is pinned",
      [{ ...stable, canary: { version: "1.5.0", weight: 10, digest } }],
      stable,
      [release(`canary shop 1.5.0 --digest ${digest} --weight 10`)],
    ],
    [
      "another canary",
      [canary(10)],
      canary(20, "1.6.0"),
      [release("canary shop 1.5.0 --weight 10")],
    ],
    [
      "a promotion",
      [canary(10)],
      promoted,
      [release("rollback shop 1.4.2"), release("canary shop 1.5.0 --weight 10")],
    ],
    ["a rollback", [canary(10), promoted], stable, [release("rollback shop 1.5.0")]],
    [
      "the end of a canary of a second revision",
      [{ ...stable, canary: { version: "1.4.2", revision: 2, weight: 5 } }],
      stable,
      [release("canary shop 1.4.2 --revision 2 --weight 5")],
    ],
  ];
  for (const [what, before, after, commands] of cases) {
    it(`after ${what}`, () => {
      assert.deepEqual(of(after, recordAfter(...before)).undo, commands);
    });
  }
});

describe("the minimum number of pods of an app", () => {
  it("is taken from the config, and before from the outputs of the last update", () => {
    const config = parseStack("dev", values({ ...stable, scaling: { min: 4, max: 9, rest: 2 } }));
    const outputs = { shop: { scaling: { min: 3 } }, gone: { scaling: { min: 1 } } };
    const [app] = trafficOf("dev", config, {}, now, {}, {}, outputs);
    assert.deepEqual(app?.minimumPods, { before: { min: 3 }, after: { min: 4, rest: 2 } });
    const [first] = trafficOf("dev", config, {}, now);
    assert.equal(first?.minimumPods?.before, undefined);
  });
});
