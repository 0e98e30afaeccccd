import assert from "node:assert/strict";
import { checkEvent, transitionEvent } from "../../../../cli/events/event";
import { eventsBetween, placeOf } from "../../../../cli/events/of-commands";
import { record, steady } from "../fleet/support";

const place = (app: string) => ({ app, environment: "online", stack: "prod" });
const told = (...given: [object | undefined, object, string?]) => {
  const [before, after, started = "2026-11-01T00:00:00.000Z"] = given;
  return eventsBetween({ ...(before && { shop: before }) }, { shop: after }, started, place).map(
    ({ text }) => text.replace("shop in online: ", ""),
  );
};

describe("the record of an update", () => {
  it("is reported as transitions, the earliest first", () => {
    assert.deepEqual(told(steady(), record()), ["1.5.0 is the canary with 10% of the requests"]);
    assert.deepEqual(told(undefined, record()), [
      "1.4.1 is its first stable release",
      "1.4.2 is now stable, in place of 1.4.1",
      "1.5.0 is the canary with 10% of the requests",
    ]);
    assert.deepEqual(told(record(), record()), []);
  });

  it("is not reported if another update recorded it before this one began", () => {
    assert.deepEqual(told(steady(), record(), "2026-11-25T00:00:00.000Z"), []);
  });

  it("is also a share, an end, a rollback, an override with who and why, and a freeze", () => {
    const at = "2026-11-27T09:00:00.000Z";
    const canaries = [
      { at, kind: "weigh", release: "1.5.0", weight: 50 },
      { at, kind: "end", release: "1.5.0" },
    ];
    const history = [
      {
        at,
        kind: "rollback",
        from: "1.4.2",
        to: "1.4.1",
        by: "Ann",
        reason: "fire",
        rules: ["soak"],
      },
    ];
    const guard = {
      forcedCanary: true,
      soak: 60,
      checkRequired: true,
      freezes: [{ scope: "team commerce", until: "2026-12-01T00:00:00.000Z", reason: "sale" }],
    };
    assert.deepEqual(told(record(), record({ history, canaries, guard, changedAt: at })), [
      "Ann overrode rules for 1.4.1: fire",
      "rolled back to 1.4.1 from 1.4.2",
      "canary 1.5.0 now has 50% of the requests",
      "canary 1.5.0 ended without promotion",
      "team commerce is frozen until 2026-12-01T00:00:00.000Z: sale",
    ]);
  });

  it("is reported in shares of pods for a worker, and its check without requests", () => {
    const apps = { mailer: { team: "commerce", kind: "worker" }, shop: { team: "commerce" } };
    const placeIn = (app: string) => placeOf({ environment: "online", apps }, "prod", app);
    const weigh = { kind: "weight", at: "2026-11-27T09:00:00.000Z", release: "1.5.0" } as const;
    const check = { verdict: "pass", at: weigh.at, release: "1.5.0", samples: 0 } as const;
    const texts = (app: string) => [
      transitionEvent(placeIn(app), { ...weigh, kind: "canary", weight: 25 }).text,
      transitionEvent(placeIn(app), { ...weigh, weight: 50 }).text,
      checkEvent(placeIn(app), check).text,
    ];
    assert.deepEqual(texts("mailer"), [
      "mailer in online: 1.5.0 is the canary with 25% of the pods",
      "mailer in online: canary 1.5.0 now has 50% of the pods",
      "mailer in online: check of canary 1.5.0: pass",
    ]);
    assert.deepEqual(texts("shop"), [
      "shop in online: 1.5.0 is the canary with 25% of the requests",
      "shop in online: canary 1.5.0 now has 50% of the requests",
      "shop in online: check of canary 1.5.0: pass, 0 requests",
    ]);
    assert.ok(!("isWorker" in transitionEvent(placeIn("mailer"), weigh)));
  });

  it("is empty if a record cannot be read, which the update itself reports", () => {
    assert.deepEqual(told(steady(), { schema: 2 }), []);
  });
});
