import assert from "node:assert/strict";
import { commentOf } from "../../../../cli/preview/comment";
import { exitCodeOf, reportJson, reportOf, type Report } from "../../../../cli/preview/report";
import { readEvents } from "../../../../cli/preview/events";
import { ending, message, named, opening, provenance, report, reportWith } from "./support";
import { scaled } from "./comment";

describe("the report", () => {
  const json = (of: Report) => JSON.parse(reportJson(of)) as Record<string, unknown>;

  it("has the counts that GitLab's widget reads, the verdict and the plan's hash", () => {
    const told = reportWith(
      { op: "create", name: "a", after: named("a") },
      { op: "delete", name: "b", before: named("b") },
      { op: "replace", name: "c", before: named("c"), after: named("c") },
      scaled("d", "shop"),
    );
    const { create, update, delete: gone, verdict, planHash, plan } = json(told);
    assert.deepEqual([create, update, gone, verdict], [2, 1, 2, "dangerous"]);
    assert.equal(planHash, told.hash);
    assert.deepEqual(plan, JSON.parse(JSON.stringify(told.plan)));
  });

  it("determines the exit code: 0 nothing dangerous, 1 failed, 3 dangerous", () => {
    const failed = report([...opening(), message("error", "no"), ...ending("failed")]);
    const dangerous = reportWith({ op: "delete", before: named("a") });
    assert.equal(exitCodeOf(reportWith(scaled("a", "shop"))), 0);
    assert.equal(exitCodeOf(failed), 1);
    assert.equal(exitCodeOf(dangerous), 3);
    assert.equal(exitCodeOf(report(opening())), 1);
    assert.deepEqual([json(failed).verdict, json(failed).planHash], ["failed", undefined]);
  });

  it("counts policy violations that another check found among the dangers", () => {
    const preview = readEvents([...opening(), ...ending()]);
    const broken = [{ policy: "limits", message: "none" }];
    const told = reportOf("prod", preview, [], broken, provenance);
    assert.equal(exitCodeOf(told), 3);
    assert.match(commentOf(told), /- Policy `limits` is broken: `none`/);
  });
});
