import assert from "node:assert/strict";
import * as fc from "fast-check";
import { judge, type CheckPolicy, type Measurement } from "../../../../cli/release/verdict";

const policy: CheckPolicy = {
  minimumRequests: 500,
  maximumErrorRatio: 0.01,
  highestErrorRatio: 0.05,
  errorFactor: 2,
  latencyFactor: 1.5,
  maximumRestarts: 0,
};
const good: Measurement = { requests: 2000, errors: 2, latency: 0.2, restarts: 0 };

function verdict(canary: Partial<Measurement>, stable: Partial<Measurement> = {}): string[] {
  const result = judge({ ...good, ...canary }, { ...good, ...stable }, policy);
  const others = result.findings.filter((it) => it.verdict !== "pass");
  return [result.verdict, ...others.map((it) => `${it.criterion} ${it.verdict}`)];
}

describe("a check's verdict", () => {
  const cases: [what: string, canary: object, stable: object, expected: string[]][] = [
    ["as good as stable", {}, {}, ["pass"]],
    ["2% errors where stable has none", { errors: 40 }, { errors: 0 }, ["fail", "errors fail"]],
    ["2% errors where stable has them, too", { errors: 40 }, { errors: 40 }, ["pass"]],
    [
      "5% errors, more than twice stable's 2%",
      { errors: 100 },
      { errors: 40 },
      ["fail", "errors fail"],
    ],
    [
      "all errors where stable has half",
      { errors: 2000 },
      { errors: 1000 },
      ["fail", "errors fail"],
    ],
    ["80% errors where stable has 40%", { errors: 1600 }, { errors: 800 }, ["fail", "errors fail"]],
    [
      "no worse than a stable that is ill",
      { errors: 600 },
      { errors: 600 },
      ["inconclusive", "errors inconclusive"],
    ],
    [
      "healthy where stable is ill: nothing is proven",
      { errors: 0 },
      { errors: 600 },
      ["inconclusive", "errors inconclusive"],
    ],
    ["8% errors where stable has 4.5%", { errors: 160 }, { errors: 90 }, ["fail", "errors fail"]],
    ["one error where stable has none", { errors: 1 }, { errors: 0 }, ["pass"]],
    ["slower by 60%", { latency: 0.32 }, {}, ["fail", "latency fail"]],
    ["slower by 40%", { latency: 0.28 }, {}, ["pass"]],
    ["restarted once", { restarts: 1 }, {}, ["fail", "restarts fail"]],
    [
      "gRPC's, whose success the gateway counts like an unknown error",
      { unclear: 1 },
      {},
      ["inconclusive", "errors inconclusive"],
    ],
    ["gRPC's with errors", { unclear: 1000, errors: 1000 }, {}, ["fail", "errors fail"]],
    [
      "without errors, some of which may be missing",
      { errors: 0, missesErrors: true },
      {},
      ["inconclusive", "errors inconclusive"],
    ],
    [
      "with errors, more of which may be missing",
      { errors: 1000, missesErrors: true },
      {},
      ["fail", "errors fail"],
    ],
    [
      "as good as a stable release whose errors may be missing",
      {},
      { missesErrors: true },
      ["pass"],
    ],
    [
      "too few requests",
      { requests: 499, errors: 0 },
      {},
      ["inconclusive", "requests inconclusive"],
    ],
    [
      "too few requests, one error in 20",
      { requests: 20, errors: 1 },
      {},
      ["inconclusive", "requests inconclusive", "errors inconclusive"],
    ],
    [
      "too few requests, but 10 errors in 20",
      { requests: 20, errors: 10 },
      {},
      ["fail", "requests inconclusive", "errors fail"],
    ],
    [
      "too few requests, and the slowest of them took a second",
      { requests: 20, errors: 0, latency: 1 },
      {},
      ["inconclusive", "requests inconclusive", "latency inconclusive"],
    ],
    [
      "slower than the few requests of stable",
      { latency: 1 },
      { requests: 20, errors: 0 },
      ["inconclusive", "latency inconclusive"],
    ],
    [
      "no data at all",
      { requests: 0, errors: 0, latency: undefined, restarts: undefined },
      {},
      [
        "inconclusive",
        ...["requests", "errors", "latency", "restarts"].map((it) => `${it} inconclusive`),
      ],
    ],
    [
      "stable was not measured",
      {},
      { latency: undefined },
      ["inconclusive", "latency inconclusive"],
    ],
    ["not a number", { latency: NaN }, {}, ["inconclusive", "latency inconclusive"]],
  ];
  for (const [what, canary, stable, expected] of cases) {
    it(`${what}: ${expected[0]}`, () => assert.deepEqual(verdict(canary, stable), expected));
  }

  it("depends on the app's own queries if the gateway cannot distinguish gRPC's results", () => {
    const own = { ...policy, queries: { failed: {} } };
    const result = judge({ ...good, unclear: 1000 }, good, own);
    assert.equal(result.verdict, "pass");
    const text = judge({ ...good, unclear: 1000 }, good, policy).findings[1]?.text ?? "";
    assert.match(text, /1000 requests are gRPC requests, .* add a query to check\.queries/);
  });

  it("says that a slow canary has too few requests to be judged", () => {
    const { findings } = judge({ ...good, requests: 20, latency: 1 }, good, policy);
    assert.equal(
      findings.find(({ criterion }) => criterion === "latency")?.text,
      "latency 1000 ms on the canary, 200 ms on stable; allowed: 300 ms; too few requests to tell it from chance",
    );
  });

  it("is never a pass with fewer requests than the policy requires, whatever the other results", () => {
    const numbers = fc.record({
      requests: fc.integer({ min: 0, max: 499 }),
      errors: fc.integer({ min: 0, max: 499 }),
      latency: fc.option(fc.double({ min: 0, max: 10 }), { nil: undefined }),
      restarts: fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined }),
    });
    fc.assert(fc.property(numbers, (canary) => judge(canary, good, policy).verdict !== "pass"));
  });

  it("does not get better with more errors", () => {
    const rank = { pass: 0, inconclusive: 1, fail: 2 };
    const errors = fc.integer({ min: 0, max: 2000 });
    fc.assert(
      fc.property(errors, errors, (a, b) => {
        const [less, more] = a < b ? [a, b] : [b, a];
        const of = (count: number) => judge({ ...good, errors: count }, good, policy).verdict;
        return rank[of(less)] <= rank[of(more)];
      }),
    );
  });
});
