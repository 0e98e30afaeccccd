import assert from "node:assert/strict";
import { ruleGroups } from "../../../../components/monitoring/rules";
import { watched } from "../../../support/alerts/case";
import { isAlert, type RecordingRule } from "../../../../components/monitoring/rules/rule";

describe("counters from 0", () => {
  const rules = Object.values(ruleGroups(watched))
    .flat()
    .flatMap((group) => group.rules.filter((rule): rule is RecordingRule => !isAlert(rule)));

  it("are those of requests, not the many buckets, which need no first sample", () =>
    assert.deepEqual(
      rules.filter(({ expr }) => expr.includes("gateway:instance:known")).map((it) => it.record),
      ["app:requests:total"],
    ));

  it("come after the gateway pods that they depend on, in the same evaluation", () => {
    const { rules: own } = ruleGroups(watched)["apps.yaml"]?.[0] ?? { rules: [] };
    const names = own.map((rule) => (isAlert(rule) ? rule.alert : rule.record));
    const [pods, requests] = ["gateway:instance:known", "app:requests:total"].map((name) =>
      names.indexOf(name),
    );
    assert.ok(pods !== undefined && requests !== undefined && pods >= 0 && pods < requests);
  });
});
