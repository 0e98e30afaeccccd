import assert from "node:assert/strict";
import { ask, Load } from "../../e2e/support/load";
import type { Target } from "../../e2e/support/send";
import type { RealStack } from "../support/stack";

interface Releases {
  stable: { version: string };
  canary?: { version: string; weight: number };
}

/** Releases of an app with pods, Services and a gateway that run, under a constant load. */
export function releases(real: () => RealStack, target: () => Target): void {
  describe("a release under load", () => {
    let load: Load;

    const apply = async (wanted: Releases) => {
      real().stack.edit((config) => {
        const { shop } = config["platform:apps"] as { shop: Partial<Releases> };
        assert.ok(shop);
        delete shop.canary;
        Object.assign(shop, wanted);
      });
      await real().stack.must("up");
    };
    /** Returns the versions that answer, as in the names of their pods. */
    const answering = async () => {
      const { byRelease, failed } = await ask(target(), 60, 2);
      assert.deepEqual(failed.slice(0, 3), []);
      const versions = Object.keys(byRelease).map((pod) => /^shop-(\d+-\d+-\d+)-/.exec(pod)?.[1]);
      return [...new Set(versions)].sort();
    };
    const noneFailed = () => assert.deepEqual(load.answers.failed.slice(0, 3), []);

    before(() => {
      load = new Load(target(), 1);
    });
    after(() => load.stop());

    it("is promoted without a failed request", async () => {
      await apply({ stable: { version: "1.5.0" } });
      assert.deepEqual(await answering(), ["1-5-0"]);
      noneFailed();
    });

    it("is rolled back without a failed request", async () => {
      await apply({ stable: { version: "1.4.2" } });
      assert.deepEqual(await answering(), ["1-4-2"]);
      noneFailed();
    });

    it("starts as a canary in pods of its own without a failed request", async () => {
      await apply({ stable: { version: "1.4.2" }, canary: { version: "1.6.0", weight: 50 } });
      assert.deepEqual(await answering(), ["1-4-2", "1-6-0"]);
      noneFailed();
      console.log(`      ${load.answers.total} requests, none failed`);
    });
  });
}
