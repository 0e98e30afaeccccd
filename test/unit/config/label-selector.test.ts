import assert from "node:assert/strict";
import { selects } from "../../../config/label-selector";

describe("a label selector", () => {
  const labels = { app: "shop", kind: "worker" };
  const is = (key: string, operator: string, ...values: string[]) => ({
    matchExpressions: [{ key, operator, ...(values.length > 0 && { values }) }],
  });
  const cases: [selector: unknown, selected: boolean][] = [
    [undefined, false],
    [null, false],
    [{}, true],
    [{ matchLabels: { app: "shop" } }, true],
    [{ matchLabels: { app: "news" } }, false],
    [{ matchLabels: { constructor: "shop" } }, false],
    [is("app", "In", "shop", "news"), true],
    [is("team", "In", "shop"), false],
    [is("kind", "NotIn", "worker"), false],
    [is("team", "NotIn", "worker"), true],
    [is("app", "Exists"), true],
    [is("team", "Exists"), false],
    [is("app", "DoesNotExist"), false],
    [is("team", "DoesNotExist"), true],
    [{ matchLabels: { app: "shop" }, ...is("kind", "NotIn", "worker") }, false],
  ];
  for (const [selector, selected] of cases) {
    it(`${selected ? "selects" : "does not select"} by ${JSON.stringify(selector)}`, () =>
      assert.equal(selects(selector, labels), selected));
  }

  it("without a condition selects pods without labels", () => assert.ok(selects({})));
});
