import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { waitForEnd, killTree } from "../../support/kill-tree";
import { ObjectWatcher } from "../../support/object-watcher";
import type { TestStack } from "../../support/project";
import { waitUntilScaled } from "../../support/scaled";
import { until } from "../../support/until";

/** Declares the test of the stack's first update, which is killed. */
export function recoversFirstUpdate(current: () => TestStack): void {
  describe("if the first update was killed", () => {
    let stack: TestStack;
    before(() => (stack = current()));

    it("is resumed by the next one", async () => {
      await killUpdate(stack, "commerce-dev");
      await stack.unlock();
      // The file that the engine leaves if it is killed while it writes the metadata of a state.
      const attributes = `state/.pulumi/stacks/platform/${stack.name}.json.attrs`;
      writeFileSync(join(stack.folder, attributes), "");
      await assert.rejects(stack.state(), /failed to load checkpoint: EOF/);
      // The object that it was creating exists, but is not in the state, so another update could not create it.
      const recovered = await stack.platform("recover");
      assert.equal(recovered.code, 0, recovered.output);
      assert.match(recovered.output, /Deleted \S+\.json\.attrs: a kill truncated it/);
      await stack.must("up");
      // The next test finds the only drift, and the only changes of another update.
      await waitUntilScaled((...args) => stack.kubectl(...args));
    });
  });
}

/** Starts an update, and kills it as soon as it has created a namespace. */
async function killUpdate(stack: TestStack, namespace: string): Promise<void> {
  const watcher = new ObjectWatcher(stack.cluster, { namespace: "/api/v1/namespaces" });
  await watcher.start();
  const child = stack.startUp();
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const isMade = () => watcher.writes().some(({ object }) => object.metadata.name === namespace);
  const madeOrEnded = () => isMade() || hasEnded();
  await until(`namespace ${namespace} is there`, 240, madeOrEnded, 10).finally(() =>
    watcher.stop(),
  );
  assert.ok(!hasEnded(), "the update ended before it could be killed");
  await waitForEnd(killTree(child.pid ?? 0));
}
