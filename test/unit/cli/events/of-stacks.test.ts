import assert from "node:assert/strict";
import type { ReleaseEvent } from "../../../../cli/events/event";
import { notify } from "../../../../cli/events/notify";
import { receiversIn, type Values } from "../../../../cli/events/of-commands";
import { sendEventsSince, withStackEvents } from "../../../../cli/events/of-stacks";
import { record, steady } from "../fleet/support";
import { World, updated } from "../stacks/support";
import { Recorder } from "./recorder";

const config = {
  "platform:environment": "online",
  "platform:notifications": [{ type: "webhook", url: { variable: "URL" } }],
  "platform:apps": { shop: { team: "commerce" } },
};

describe("events of many stacks' updates", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });
  afterEach(() => world.remove());

  const started = () => {
    const at = new Date(Date.now() + 1000).toISOString();
    const canaries = [{ at, kind: "start", release: "1.5.0", weight: 10 }];
    return { ...record(), changedAt: at, canaries };
  };

  it("are sent for each stack that names receivers, from what its update recorded", async () => {
    world.stack("prod", config);
    world.stack("quiet", { ...config, "platform:notifications": [] });
    for (const name of ["prod", "quiet"]) world.outputs.set(name, { releases: { shop: steady() } });
    const told: ReleaseEvent[] = [];
    const result = await world.run({
      events: (entry, engine, run) =>
        withStackEvents(
          entry,
          engine,
          async () => {
            const ended = await run();
            world.outputs.set(entry.name, { releases: { shop: started() } });
            return ended;
          },
          (_, events) => {
            told.push(...events);
            return Promise.resolve();
          },
        ),
    });
    assert.equal(result["prod"], "succeeded: 1 updated");
    assert.deepEqual(
      told.map(({ stack, kind, text }) => [stack, kind, text]),
      [["prod", "canary", "shop in online: 1.5.0 is the canary with 10% of the requests"]],
    );
  });

  it("are not sent for previews", async () => {
    world.stack("prod", config);
    world.endings.set("prod", { stdout: updated });
    await world.run({
      verb: "preview",
      events: () => assert.fail("a preview tells nothing"),
    });
  });

  it("are sent once for a plain update since a time, and do not fail if a receiver is down", async () => {
    const recorder = new Recorder(() => ({}));
    const url = await recorder.start();
    const engine = { outputs: () => Promise.resolve({ releases: { shop: record() } }) };
    const entry = { name: "prod", config };
    const problems: string[] = [];
    const telling =
      (address: string) =>
      async (values: Values, events: ReleaseEvent[] | readonly ReleaseEvent[]) => {
        problems.push(
          ...(await notify(events, {
            receivers: receiversIn(values),
            environment: { URL: address },
            folder: `${world.folder}/events`,
          })),
        );
      };
    try {
      const since = "2026-11-24T00:00:00.000Z";
      assert.equal(await sendEventsSince(entry, engine, since, telling(url)), 1);
      assert.equal(await sendEventsSince(entry, engine, since, telling(url)), 1);
      assert.equal(recorder.received.length, 1);
      assert.equal(recorder.received[0]?.body["kind"], "canary");
      assert.equal(
        await sendEventsSince(entry, engine, "2026-11-25T00:00:00.000Z", telling(url)),
        0,
      );
      assert.deepEqual(problems, []);
      const all = "2020-01-01T00:00:00.000Z";
      await sendEventsSince(entry, engine, all, telling("http://127.0.0.1:1"));
      assert.ok(problems.length > 0);
    } finally {
      await recorder.stop();
    }
    const unread = { outputs: () => Promise.resolve(undefined) };
    await assert.rejects(sendEventsSince(entry, unread, "2026-11-24T00:00:00Z"), /cannot be read/);
  });
});
