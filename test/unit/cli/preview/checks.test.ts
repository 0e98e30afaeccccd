import assert from "node:assert/strict";
import { parseStack } from "../../../../config";
import { objectionTo } from "../../../../cli/preview/approved";
import { commentOf } from "../../../../cli/preview/comment";
import { exitCodeOf, reportJson, reportOf, type Report } from "../../../../cli/preview/report";
import { trafficOf } from "../../../../cli/preview/traffic";
import { repeatChecks, repeatedText } from "../../../../cli/release/repeat";
import { decide } from "../../../../program/decision";
import { checkRulesHash, type AppRecord, type CheckEvidence } from "../../../../releases";
import { startAnsweringPrometheus, type Answers } from "../../../support/answering-prometheus";
import { previewOf, provenance } from "./support";
import { scaled } from "./comment";

const start = new Date("2026-11-21T08:00:00Z");
const now = new Date("2026-11-22T12:00:00Z");
const healthy: Answers = { requests: 2000, errors: 1, latency: 0.2, restarts: 0 };
const override = { by: "ann", reason: "payments are down" };

describe("the check of a canary on which a previewed step relies", () => {
  let prometheus: Awaited<ReturnType<typeof startAnsweringPrometheus>>;
  /** What Prometheus answers about the canary, now and as of the time of the check in the config. */
  let answers: Answers;
  let then: Answers;
  beforeEach(async () => {
    answers = { ...healthy };
    then = { ...healthy };
    prometheus = await startAnsweringPrometheus(answers, { stable: healthy, then });
  });
  afterEach(() => prometheus.close());

  function stackOf(shop: object, address = prometheus.address) {
    return parseStack("prod", {
      environment: "online",
      domain: "platform.test",
      cluster: { kubeconfig: "none", context: "none" },
      components: { tenancy: { teams: { commerce: {} } } },
      releases: { prometheus: address },
      apps: {
        shop: {
          team: "commerce",
          domain: "shop.platform.test",
          image: "harbor.platform.test/shop/shop",
          ...shop,
        },
      },
    });
  }

  function update(shop: object, at: Date, recorded?: AppRecord, address?: string): AppRecord {
    const stack = stackOf(shop, address);
    const app = stack.apps.shop;
    assert.ok(app !== undefined);
    const { answer } = decide({ name: "shop", app, stackName: "prod", stack, recorded, now: at });
    assert.ok(answer.kind === "plan", JSON.stringify(answer));
    return answer.next;
  }

  /** Returns the record of a stack whose canary has run for a day. */
  function recorded(address?: string): AppRecord {
    const first = update({ stable: { version: "1.4.2" } }, start, undefined, address);
    const canary = { version: "1.5.0", weight: 10 };
    return update({ stable: { version: "1.4.2" }, canary }, start, first, address);
  }

  function passed(record: AppRecord): CheckEvidence {
    assert.ok(record.guard?.check !== undefined);
    const rules = checkRulesHash(record.guard.check);
    return { verdict: "pass", at: now.toISOString(), release: "1.5.0", samples: 2000, rules };
  }

  /** Previews a promotion by a check that the config says has passed. */
  async function previewStack(more: object = {}, address?: string): Promise<Report> {
    const record = recorded(address);
    const shop = { stable: { version: "1.5.0", check: passed(record) }, ...more };
    const traffic = trafficOf("prod", stackOf(shop, address), { shop: record }, now);
    const checks = await repeatChecks(traffic.flatMap(({ relied }) => relied ?? []));
    const preview = previewOf(scaled("shop-1-5-0", "shop"));
    return reportOf("prod", preview, traffic, [], provenance, [], checks);
  }

  const shown = (report: Report) => commentOf(report).replaceAll("`", "");
  const jsonOf = (report: Report) =>
    (JSON.parse(reportJson(report)) as { checks?: Record<string, unknown>[] }).checks;
  const objection = (report: Report) => objectionTo(report.hash ?? "", report);

  it("is plain information if it passes again", async () => {
    const report = await previewStack();
    assert.equal(exitCodeOf(report), 0);
    assert.match(
      shown(report),
      /### Repeated checks of canaries\n\n- The check of 1\.5\.0 of shop, on which its promotion relies, passes again: 2000 requests\.\n/,
    );
    const [check] = jsonOf(report) ?? [];
    assert.deepEqual(
      [check?.app, check?.release, check?.step, check?.verdict, check?.requests],
      ["shop", "1.5.0", "promotion", "pass", 2000],
    );
    assert.equal(objection(report), undefined);
  });

  it("is a danger if it fails, and stops an update before it changes anything", async () => {
    answers.errors = 400;
    const report = await previewStack();
    assert.equal(exitCodeOf(report), 3);
    assert.match(
      shown(report),
      /### Dangers\n\n- The check of 1\.5\.0 of shop, on which its promotion relies, passed at 2026-11-22T12:00:00\.000Z according to the file, and fails now: errors: errors 20\.00% on the canary, 0\.05% on stable; allowed: [\d.]+%.*\. What to do: go back to the stable release: npx platform release rollback shop --stack prod; or make 1\.5\.0 the canary again, and promote it when it passes: npx platform release check shop --stack prod; in an emergency add override: \{ reason, by \}\./,
    );
    assert.equal(jsonOf(report)?.[0]?.verdict, "fail");
    assert.match(
      objection(report) ?? "",
      /^Stack "prod" would take steps of canaries that fail their checks; nothing was changed\.\n {2}shop: the check of 1\.5\.0, on which its promotion relies, passed at \S+ and fails now: errors: [^\n]*\n {4}→ go back to the stable release: npx platform release rollback shop --stack prod;/,
    );
  });

  it("does not stop an update that an override covers, but is still a danger", async () => {
    answers.restarts = 5;
    const report = await previewStack({ override });
    assert.equal(exitCodeOf(report), 3);
    assert.match(
      shown(report),
      /fails now: restarts: 5 restarts on the canary; allowed: 0\. ann overrides this: payments are down\./,
    );
    assert.match(shown(report), /ann overrides canary-before-stable/);
    assert.equal(objection(report), undefined);
    const [check] = report.checks;
    assert.ok(check !== undefined);
    assert.match(repeatedText(check), /fails now: .*; ann overrides this: payments are down$/);
  });

  it("is a notice if it is inconclusive, and does not stop an update", async () => {
    Object.assign(answers, { requests: 3, errors: 0 });
    const report = await previewStack();
    assert.equal(exitCodeOf(report), 0);
    assert.match(
      shown(report),
      /- The check of 1\.5\.0 of shop, on which its promotion relies, could not be repeated: requests: the canary answered 3 requests; at least \d+ are needed.*; by the data of 2026-11-22T12:00:00\.000Z it passed: 2000 requests\./,
    );
    assert.equal(jsonOf(report)?.[0]?.verdict, "inconclusive");
    assert.equal(objection(report), undefined);
  });

  it("is a danger if it is inconclusive and never passed, as the check of a canary without requests", async () => {
    for (const numbers of [answers, then]) Object.assign(numbers, { requests: 3, errors: 0 });
    const report = await previewStack();
    assert.equal(exitCodeOf(report), 3);
    assert.match(
      shown(report),
      /- The check of 1\.5\.0 of shop, on which its promotion relies, passed at \S+ according to the file, but not by the data of that time: requests: the canary answered 3 requests; .* What to do: go back/,
    );
    assert.equal(objection(report), undefined, "a person has seen the danger");
    const [check] = report.checks;
    assert.ok(check !== undefined);
    assert.match(repeatedText(check), /; by the data of \S+, when it passed .*, it did not pass: /);
  });

  it("is a notice if Prometheus no longer has the data of that time", async () => {
    Object.assign(answers, { requests: 3, errors: 0 });
    Object.assign(then, { requests: 0, errors: 0, restarts: Number.NaN });
    const report = await previewStack();
    assert.equal(exitCodeOf(report), 0);
    assert.match(
      shown(report),
      /could not be repeated: .*; the check of 2026-11-22\S+ in the file counts/,
    );
  });

  it("is a notice if Prometheus does not answer, and does not stop an update", async () => {
    const report = await previewStack({}, "http://127.0.0.1:1");
    assert.equal(exitCodeOf(report), 0);
    assert.match(
      shown(report),
      /could not be repeated: Prometheus at http:\/\/127\.0\.0\.1:1 does not answer .*; the check of 2026-11-22\S+ in the file counts\./,
    );
    assert.equal(jsonOf(report)?.[0]?.verdict, "unchecked");
    assert.equal(objection(report), undefined);
  });

  it("asks the Prometheus in force, not the one that the change names", async () => {
    answers.errors = 400;
    const kind = await startAnsweringPrometheus(healthy);
    try {
      const record = recorded();
      const shop = { stable: { version: "1.5.0", check: passed(record) } };
      const traffic = trafficOf("prod", stackOf(shop, kind.address), { shop: record }, now);
      const [check] = await repeatChecks(traffic.flatMap(({ relied }) => relied ?? []));
      assert.ok(typeof check?.result === "object");
      assert.equal(check.result.verdict, "fail");
    } finally {
      kind.close();
    }
  });

  it("does not change the plan, whatever is measured", async () => {
    const { hash, plan } = await previewStack();
    answers.requests = 2477;
    const other = await previewStack();
    answers.errors = 900;
    const failing = await previewStack();
    assert.ok(hash !== undefined);
    assert.deepEqual([other.hash, failing.hash], [hash, hash]);
    assert.deepEqual(other.plan, plan);
  });

  it("is not repeated if nothing relies on it", async () => {
    const record = recorded();
    const shop = { stable: { version: "1.4.2" }, canary: { version: "1.5.0", weight: 50 } };
    const traffic = trafficOf("prod", stackOf(shop), { shop: record }, now);
    assert.deepEqual(await repeatChecks(traffic.flatMap(({ relied }) => relied ?? [])), []);
    const report = reportOf("prod", previewOf(), traffic, [], provenance);
    assert.equal(jsonOf(report), undefined);
    assert.doesNotMatch(commentOf(report), /Checks of canaries/);
  });

  it("shows a different plan before a failed check", async () => {
    answers.errors = 400;
    const report = await previewStack();
    assert.match(
      objectionTo("0".repeat(64), report) ?? "",
      /would change differently than approved/,
    );
  });
});
