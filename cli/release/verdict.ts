import { knownGateway } from "../../config/recorded-series";

/** Measured values of one release over the window of the check. */
export interface Measurement {
  /** Requests answered. */
  requests: number;
  /** Requests answered with 500 to 599, or with a gRPC error of the server. */
  errors: number;
  /** gRPC requests whose result the gateway does not show. Default: 0. */
  unclear?: number;
  /**
   * Whether errors of a status code may be missing because Prometheus or the rules did not run for the whole window.
   * Default: false.
   */
  missesErrors?: boolean;
  /** Latency at the policy's quantile, seconds; undefined if nothing was measured. */
  latency: number | undefined;
  /** Restarts of containers. */
  restarts: number | undefined;
}

/** When a canary is good enough. */
export interface CheckPolicy {
  /** Minimum number of requests to the canary; with fewer, the check is inconclusive. */
  minimumRequests: number;
  /** Error ratio of the canary, 0 to 1, that is always accepted. */
  maximumErrorRatio: number;
  /** Maximum error ratio that the errors of stable can allow; above it, stable itself is unhealthy. */
  highestErrorRatio: number;
  /** Maximum ratio of the canary's error ratio to that of stable. */
  errorFactor: number;
  /** Maximum ratio of the canary's latency to that of stable. */
  latencyFactor: number;
  /** Maximum number of restarts. */
  maximumRestarts: number;
  /** Queries of the app, by name. Default: none. */
  queries?: object;
}

/** One criterion of a check. */
export interface Finding {
  criterion: "requests" | "errors" | "latency" | "restarts" | "query";
  verdict: "pass" | "fail" | "inconclusive";
  /** The numbers behind the verdict, as text. */
  text: string;
}

/** Result of a whole check. */
export interface CheckResult {
  verdict: "pass" | "fail" | "inconclusive";
  findings: Finding[];
  /** Number of requests that the canary answered. */
  requests: number;
  /** Whether Prometheus lacks data about the canary, so that the numbers do not show everything. Omitted if not. */
  lacksData?: true;
}

/**
 * Compares a canary with stable over the same window. One failed criterion fails the check; otherwise, one that cannot
 * be decided makes it inconclusive. Missing data never passes.
 */
export function judge(canary: Measurement, stable: Measurement, policy: CheckPolicy): CheckResult {
  const findings = [
    samples(canary, policy),
    errors(canary, stable, policy),
    latency(canary, stable, policy),
    restarts(canary, policy),
  ];
  const lacksData = canary.missesErrors === true || !isNumber(canary.restarts);
  const result = { verdict: worst(findings), findings, requests: canary.requests };
  return lacksData ? { ...result, lacksData } : result;
}

/**
 * Judges the canary of a worker, which has no requests: by the restarts of its containers over each window,
 * and by queries of its own. Restarts alone prove nothing.
 */
export function judgeWorker(
  restarted: readonly (readonly [window: number, restarts: number | undefined])[],
  queries: readonly Finding[],
  policy: Pick<CheckPolicy, "maximumRestarts">,
): CheckResult {
  const none: Finding = {
    criterion: "query",
    verdict: "inconclusive",
    text: "a worker has no requests, and check.queries of the app has no query",
  };
  const findings = [
    ...restarted.map(([window, count]) => {
      const finding = restarts({ restarts: count }, policy);
      return { ...finding, text: `last ${window} s: ${finding.text}` };
    }),
    ...(queries.length === 0 ? [none] : queries),
  ];
  const lacksData = restarted.some(([, count]) => !isNumber(count));
  const result = { verdict: worst(findings), findings, requests: 0 };
  return lacksData ? { ...result, lacksData } : result;
}

/**
 * Returns the worst verdict: one failure fails the check, otherwise one inconclusive finding makes it
 * inconclusive.
 */
function worst(findings: readonly Finding[]): Finding["verdict"] {
  const has = (verdict: Finding["verdict"]) => findings.some((it) => it.verdict === verdict);
  return has("fail") ? "fail" : has("inconclusive") ? "inconclusive" : "pass";
}

/** Combines several checks of one canary. The requests of the first one are its sample. */
export function combineChecks([first, ...others]: [CheckResult, ...CheckResult[]]): CheckResult {
  const all = [first, ...others];
  const findings = all.flatMap((result) => result.findings);
  const lacksData = all.some((result) => result.lacksData === true);
  const result = { verdict: worst(findings), findings, requests: first.requests };
  return lacksData ? { ...result, lacksData } : result;
}

/** Returns a result with a prefix before each finding. */
export function withPrefix(name: string, { findings, ...rest }: CheckResult): CheckResult {
  return { ...rest, findings: findings.map((it) => ({ ...it, text: `${name}: ${it.text}` })) };
}

/**
 * Returns the result for a canary whose requests cannot be distinguished yet from those of the release before
 * it.
 * @param age seconds since it took its role.
 * @param needed age from which it can be judged, seconds.
 */
export function tooEarly(age: number, needed: number): CheckResult {
  const text = `the canary took its role ${age} s ago; its requests can be measured separately after ${needed} s`;
  return {
    verdict: "inconclusive",
    findings: [{ criterion: "requests", verdict: "inconclusive", text }],
    requests: 0,
  };
}

/** Returns the result of a check for which nothing could be measured. */
export function unmeasured(reason: string): CheckResult {
  const finding: Finding = { criterion: "requests", verdict: "inconclusive", text: reason };
  return { verdict: "inconclusive", findings: [finding], requests: 0, lacksData: true };
}

function samples({ requests }: Measurement, { minimumRequests }: CheckPolicy): Finding {
  const enough = requests >= minimumRequests;
  return {
    criterion: "requests",
    verdict: enough ? "pass" : "inconclusive",
    text: `the canary answered ${Math.round(requests)} requests; at least ${minimumRequests} are needed`,
  };
}

function errors(canary: Measurement, stable: Measurement, policy: CheckPolicy): Finding {
  const criterion = "errors";
  if (!(canary.requests > 0)) {
    return { criterion, verdict: "inconclusive", text: "no requests, so no error ratio" };
  }
  const ratio = canary.errors / canary.requests;
  const reference = stable.requests > 0 ? stable.errors / stable.requests : 0;
  const ill = reference > policy.highestErrorRatio;
  // A stable release without an error must not make a single error of the canary a failure, and one
  // with many must not excuse them. If stable is unhealthy as well, only a clearly worse canary fails.
  const allowed = ill
    ? reference + policy.highestErrorRatio
    : Math.min(
        Math.max(policy.maximumErrorRatio, policy.highestErrorRatio),
        Math.max(policy.maximumErrorRatio, reference * policy.errorFactor),
      );
  // Few requests fail a canary only when chance cannot explain the errors; they never pass it alone.
  const enough = canary.requests >= policy.minimumRequests;
  const certain = enough ? ratio : leastRatio(canary.errors, canary.requests);
  const doubts = [
    ...(ill ? ["stable is unhealthy as well, so nothing is proven"] : []),
    ...unclearTexts(canary, policy),
    ...(canary.missesErrors === true ? [missingText] : []),
  ];
  const healthy = doubts.length > 0 ? "inconclusive" : "pass";
  return {
    criterion,
    verdict: ratio <= allowed ? healthy : certain > allowed ? "fail" : "inconclusive",
    text: [
      `errors ${percent(ratio)} on the canary, ${percent(reference)} on stable; allowed: ${percent(allowed)}`,
      ...doubts,
    ].join("; "),
  };
}

/** Returns what the numbers of the gateway do not show about a canary, unless queries of the app show it. */
function unclearTexts({ unclear = 0 }: Measurement, { queries = {} }: CheckPolicy): string[] {
  if (!(unclear > 0) || Object.keys(queries).length > 0) return [];
  return [
    `${Math.round(unclear)} requests are gRPC requests, for which the gateway reports success and UNKNOWN alike; add a query to check.queries`,
  ];
}

/** What to do about a window in which errors may be missing. */
const missingText = `some errors may be missing: expected samples of the gateway, ${knownGateway} and app:backend:info in Prometheus for the whole window, got gaps; check again when the update or outage of Prometheus is longer ago than the window, or update the platform stack if its Prometheus has no such series`;

/** Returns the lower end of the 99% confidence interval of a ratio (Wilson score interval, z = 2.576). */
function leastRatio(errors: number, requests: number): number {
  const z = 2.576;
  const share = errors / requests;
  const spread = Math.sqrt((share * (1 - share)) / requests + z ** 2 / (4 * requests ** 2));
  return (share + z ** 2 / (2 * requests) - z * spread) / (1 + z ** 2 / requests);
}

function latency(canary: Measurement, stable: Measurement, policy: CheckPolicy): Finding {
  const criterion = "latency";
  if (!isNumber(canary.latency) || !isNumber(stable.latency)) {
    return { criterion, verdict: "inconclusive", text: "no latency was measured on both releases" };
  }
  const allowed = stable.latency * policy.latencyFactor;
  // A high quantile of few requests is the slowest of them, such as the first one of a new process.
  const few = [canary, stable].some(({ requests }) => requests < policy.minimumRequests);
  const slower = few ? "inconclusive" : "fail";
  const isSlower = !(canary.latency <= allowed);
  const text = `latency ${milliseconds(canary.latency)} on the canary, ${milliseconds(stable.latency)} on stable; allowed: ${milliseconds(allowed)}`;
  return {
    criterion,
    verdict: isSlower ? slower : "pass",
    text: isSlower && few ? `${text}; too few requests to tell it from chance` : text,
  };
}

function restarts(
  canary: Pick<Measurement, "restarts">,
  { maximumRestarts }: Pick<CheckPolicy, "maximumRestarts">,
): Finding {
  const criterion = "restarts";
  if (!isNumber(canary.restarts)) {
    return { criterion, verdict: "inconclusive", text: "no count of restarts" };
  }
  return {
    criterion,
    verdict: canary.restarts <= maximumRestarts ? "pass" : "fail",
    text: `${Math.round(canary.restarts)} restarts on the canary; allowed: ${maximumRestarts}`,
  };
}

function isNumber(value: number | undefined): value is number {
  return value !== undefined && Number.isFinite(value);
}

function percent(ratio: number): string {
  return `${(ratio * 100).toFixed(2)}%`;
}

function milliseconds(seconds: number): string {
  return `${Math.round(seconds * 1000)} ms`;
}
