import assert from "node:assert/strict";
import { stateOf } from "../../../../program/wait/migration";

const condition = (type: string, status = "True") => ({ type, status });

describe("the state of a migration", () => {
  const cases: [state: string, conditions: { type: string; status: string }[] | undefined][] = [
    ["running", undefined],
    ["running", [condition("Suspended", "False")]],
    // Some of its pods still run.
    ["running", [condition("FailureTarget")]],
    ["failed", [condition("FailureTarget"), condition("Failed")]],
    ["running", [condition("SuccessCriteriaMet")]],
    ["complete", [condition("SuccessCriteriaMet"), condition("Complete")]],
  ];
  cases.forEach(([state, conditions]) => {
    const text = conditions?.map(({ type, status }) => `${type} ${status}`).join(", ");
    it(`is ${state} with ${text ?? "no condition"}`, () => {
      assert.equal(stateOf({ status: { conditions } }), state);
    });
  });
});
