import assert from "node:assert/strict";
import { Load, untilServed } from "../support/load";
import { quickProbes } from "../support/settings";
import type { ReleasedShop } from "./shop";

/** Host that moves from one app to another. */
const moving = "moving.dev.platform.test";

/** Returns the config of an app that serves its own host, and possibly further ones. */
function app(name: string, version: string, hosts?: string[]): object {
  return {
    team: "commerce",
    domain: `${name}.dev.platform.test`,
    ...(hosts && { hosts }),
    image: `harbor.dev.platform.test/${name}/${name}`,
    scaling: { min: 1, max: 4 },
    drainSeconds: 5,
    progressDeadlineSeconds: 60,
    probes: quickProbes,
    stable: { version },
  };
}

/** Declares the test of a host that one app gives up and another one takes over. */
export function handsHostsOver(current: () => ReleasedShop): void {
  describe("with a host that moves to another app", () => {
    let shop: ReleasedShop;
    before(() => (shop = current()));

    /** Declares apps in addition to those of the other tests, and updates the stack. */
    async function update(apps: Record<string, object>): Promise<string> {
      shop.stack.edit((config) => Object.assign(config["platform:apps"] as object, apps));
      return shop.stack.must("up");
    }

    it("every request is answered, by the former app until the new one serves the host", async () => {
      const target = { ...shop.target(), host: moving };
      // An app's first release must not take over requests: nothing of it was canary.
      await update({ giver: app("giver", "1.0.0", [moving]), taker: app("taker", "2.0.0") });
      await untilServed(target, { "1.0.0": 1 });
      const load = new Load(target, 2);
      try {
        const output = await update({
          giver: app("giver", "1.0.0"),
          taker: app("taker", "2.0.0", [moving]),
        });
        assert.match(output, /takes over \S*moving\.dev\.platform\.test\S* from giver/);
        await untilServed(target, { "2.0.0": 1 });
      } finally {
        await load.stop();
      }
      const { total, failed, byRelease } = load.answers;
      console.log(`      ${total} requests to the host, ${failed.length} failed`);
      assert.deepEqual(failed, []);
      assert.deepEqual(Object.keys(byRelease).sort(), ["1.0.0", "2.0.0"]);
      shop.noneFailed();
    });
  });
}
