import assert from "node:assert/strict";
import type { TestStack } from "../../support/project";
import { settled } from "../../support/settled";

/** Declares the tests of objects that somebody changed or deleted. */
export function findsHandChanges(current: () => TestStack): void {
  describe("where somebody changed an object by hand", () => {
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

    it("finds the drift", async () => {
      await set(77);
      const options = ["--preview-only", "--expect-no-changes"];
      await stack.mustFail(/Deployment shop-1-4-2 update/, "refresh", ...options);
    });

    it("puts back what was changed with kubectl", async () => {
      await stack.must("up", "--refresh");
      assert.equal(await stack.kubectl("get", ...object, "-o", `jsonpath={.${path}}`), "40");
      await stack.must("refresh", "--expect-no-changes");
    });

    it("leaves it to a person who is right where another tool changed it", async () => {
      await set(77, "other");
      await stack.must("refresh");
      for (const verb of ["preview", "up"]) {
        const output = await stack.mustFail(/conflict with "other"/, verb);
        assert.ok(output.includes(`.${path}`), output);
      }
      await set(40, "other");
      await stack.must("up", "--refresh");
    });

    it("re-creates what somebody deleted by hand", async () => {
      await stack.kubectl("delete", "hpa", "shop-1-4-2", "-n", "commerce-dev");
      assert.match(await stack.must("up", "--refresh"), /1 created/);
      // What a refresh finds unready, the next test's update would wait for, as one change more.
      await settled((...args) => stack.kubectl(...args));
      await stack.must("refresh", "--expect-no-changes");
    });
  });
}
