import assert from "node:assert/strict";
import type { TestStack } from "../../support/project";
import { waitUntilScaled } from "../../support/scaled";

/** Declares the tests of objects that somebody changed or deleted. */
export function findsHandChanges(current: () => TestStack): void {
  describe("if somebody changed and deleted objects by hand", () => {
    let stack: TestStack;
    before(() => (stack = current()));
    const path = "spec.template.spec.terminationGracePeriodSeconds";
    const object = ["deploy", "shop-1-4-2", "-n", "commerce-dev"];
    const set = (seconds: number, manager = "kubectl-patch") =>
      stack.kubectl(
        ...["patch", ...object, `--field-manager=${manager}`, "-p"],
        JSON.stringify({
          spec: { template: { spec: { terminationGracePeriodSeconds: seconds } } },
        }),
      );

    it("finds exactly this drift", async () => {
      await set(77);
      await stack.kubectl("delete", "hpa", "shop-1-4-2", "-n", "commerce-dev");
      await waitUntilScaled((...args) => stack.kubectl(...args));
      const options = ["--preview-only", "--expect-no-changes"];
      const output = await stack.mustFail(/Deployment shop-1-4-2 update/, "refresh", ...options);
      assert.match(output, /HorizontalPodAutoscaler shop-1-4-2 delete/);
      assert.match(output, /~ 1 to update\s+- 1 to delete\s+2 changes\. \d+ unchanged/);
    });

    it("puts back what was changed, creates again what was deleted, and changes nothing else", async () => {
      const output = await stack.must("up", "--refresh");
      assert.match(output, /\+ 1 created\s+~ 1 updated\s+2 changes\. \d+ unchanged/);
      assert.equal(await stack.kubectl("get", ...object, "-o", `jsonpath={.${path}}`), "40");
    });

    it("lets a person decide if another tool changed a field", async () => {
      await set(77, "other");
      const output = await stack.mustFail(/conflict with "other"/, "up", "--refresh");
      assert.ok(output.includes(`.${path}`), output);
      await set(40, "other");
      // The next test's update changes nothing more of it.
      await waitUntilScaled((...args) => stack.kubectl(...args));
    });
  });
}
