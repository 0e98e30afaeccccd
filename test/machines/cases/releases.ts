import assert from "node:assert/strict";
import { ask, Load } from "../../e2e/support/load";
import type { Target } from "../../e2e/support/send";
import type { RealStack } from "../support/stack";
import { until } from "../../support/until";

interface Releases {
  stable: { version: string };
  canary?: { version: string; weight: number };
}

/** Releases of an app with pods, Services and a gateway that run, under a constant load. */
export function releases(real: () => RealStack, target: () => Target): void {
  describe("a release under load", () => {
    let load: Load;

    const apply = async (wanted: Releases) => {
      real().stack.editApp<Partial<Releases>>("shop", (shop) => {
        delete shop.canary;
        Object.assign(shop, wanted);
      });
      await real().stack.must("up");
    };
    /** Waits until requests reach these versions and no others: the gateway takes a route over a moment after the update. */
    const reach = async (...versions: string[]) => {
      let seen: string[] = [];
      await until(`requests reach ${versions.join()}`, 30, async () => {
        const { byRelease, failed } = await ask(target(), 60, 2);
        assert.deepEqual(failed.slice(0, 3), []);
        const names = Object.keys(byRelease).map((pod) => /^shop-(\d+-\d+-\d+)-/.exec(pod)?.[1]);
        seen = [...new Set(names)].map(String).sort();
        return seen.join() === versions.join();
      }).catch((error: unknown) => {
        throw new Error(`reached: ${seen.join()}`, { cause: error });
      });
    };
    const noneFailed = () => assert.deepEqual(load.answers.failed.slice(0, 3), []);

    before(() => {
      load = new Load(target(), 1);
    });
    after(() => load.stop());

    it("is promoted without a failed request", async () => {
      await apply({ stable: { version: "1.5.0" } });
      await reach("1-5-0");
      noneFailed();
    });

    it("is rolled back without a failed request", async () => {
      await apply({ stable: { version: "1.4.2" } });
      await reach("1-4-2");
      noneFailed();
    });

    it("starts as a canary in pods of its own without a failed request", async () => {
      await apply({ stable: { version: "1.4.2" }, canary: { version: "1.6.0", weight: 50 } });
      await reach("1-4-2", "1-6-0");
      noneFailed();
      console.log(`      ${load.answers.total} requests, none failed`);
    });
  });
}
