import assert from "node:assert/strict";
import type { ChartStack } from "../../support/chart-stack";
import { failedWith, succeeded } from "../../support/results";
import { Shelves } from "./shelves";
import { Volumes } from "./volumes";

/**
 * Declares the tests of changes that would create an object again before it is deleted, as the engine does. One
 * preview lists all of them.
 */
export function refusesReplacements(current: () => ChartStack): void {
  describe("objects that a change would create again", () => {
    let stack: ChartStack;
    let shelves: Shelves;
    let volumes: Volumes;
    let former: string[];
    let refused: string;
    before(async () => {
      stack = current();
      shelves = new Shelves(stack);
      volumes = new Volumes(stack);
      former = await shelves.uids();
      assert.equal(former.length, 7, former.join());
      shelves.declare("books");
      shelves.place("to");
      volumes.declare({ storageClass: "others" });
      refused = failedWith(await stack.platform("preview"), /createExisting \(mandatory\)/);
    });

    it("are refused by a preview if an entry is renamed without its former name", () => {
      assert.match(refused, /createExisting \(mandatory\).*Shelf library\/first/);
      assert.match(
        refused,
        /createExisting \(mandatory\).*CustomResourceDefinition shelves\.shelves\.example\.com/,
      );
      assert.match(
        refused,
        /If shelves in platform:components is now named books, set formerly: shelves there/,
      );
    });

    it("are refused by a preview if the claim of a volume gets another class", () => {
      assert.match(
        refused,
        /createExisting \(mandatory\).*PersistentVolumeClaim commerce-dev\/mails-uploads: .*add a volume under another name and copy the files/,
      );
      assert.doesNotMatch(refused, /deleteData|its data/);
    });

    it("move from one entry to another once they are renamed in the state, as the preview says", async () => {
      const command =
        /pulumi state rename --yes '\S+::from\/moved' 'to\/moved' --stack [\w-]+/.exec(refused);
      assert.ok(command, refused);
      // From here on, the shelves are the only objects that are refused.
      succeeded(await stack.shell(command[0]));
    });

    it("make an update fail without the former name", async () => {
      volumes.declare();
      await stack.mustFail(/already exists/, "up");
      shelves.declare("shelves");
      assert.deepEqual(await shelves.uids(), former);
    });

    it("make an update fail that tries to replace a claim, after which recover restores its record", async () => {
      volumes.declare({ storageClass: "others" });
      await stack.mustFail(/PersistentVolumeClaim commerce-dev\/mails-uploads .*immutable/, "up");
      volumes.declare();
      failedWith(await stack.platform("preview"), /npx platform recover api-server/);
      assert.match(
        succeeded(await stack.platform("recover")),
        /replacing PersistentVolumeClaim mails-uploads: it stays in the cluster/,
      );
      assert.deepEqual(await shelves.uids(), former);
    });

    it("are unchanged if the API server does not let a claim shrink, as a preview says", async () => {
      volumes.declare({}, { size: "1Gi" });
      failedWith(await stack.pulumi("preview"), /field can not be less than/);
      volumes.declare();
    });
  });
}
