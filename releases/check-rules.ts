import { canonical, templateHash } from "./template";

/** An app's own query, with the values that pass. */
export interface QueryRule {
  query: string;
  max?: number;
  min?: number;
}

/** The rules by which a check judges a canary. The minimum number of requests is a separate rule. */
export interface CheckRules {
  /** Period that is checked, seconds. */
  window: number;
  /** Error ratio of the canary, 0 to 1, that is always accepted. */
  maximumErrorRatio: number;
  /** Maximum error ratio that stable's own errors can allow the canary, 0 to 1. */
  highestErrorRatio: number;
  /** Maximum ratio of the canary's error ratio to that of stable. */
  errorFactor: number;
  /** Quantile of the latency that is compared. */
  quantile: number;
  /** Maximum ratio of the canary's latency to that of stable. */
  latencyFactor: number;
  /** Maximum number of restarts of the canary's containers. */
  maximumRestarts: number;
  /** Shorter periods that must also pass, seconds. */
  windows: number[];
  /** By name. */
  queries: Record<string, QueryRule>;
  /**
   * Address of the Prometheus that is queried. Records of older programs and stacks without one do not have it.
   */
  prometheus?: string;
}

/** Limits for which a lower value is stricter. */
const limits = [
  "maximumErrorRatio",
  "highestErrorRatio",
  "errorFactor",
  "latencyFactor",
  "maximumRestarts",
] as const;

/**
 * Returns the rules of a check in the form in which they are compared and recorded: without other fields, and
 * with the windows in a fixed order.
 */
export function checkRules({ windows, queries, prometheus, ...rest }: CheckRules): CheckRules {
  const { window, maximumErrorRatio, highestErrorRatio, errorFactor } = rest;
  const { quantile, latencyFactor, maximumRestarts } = rest;
  return {
    window,
    maximumErrorRatio,
    highestErrorRatio,
    errorFactor,
    quantile,
    latencyFactor,
    maximumRestarts,
    windows: [...new Set(windows)].sort((a, b) => a - b),
    ...(prometheus === undefined ? {} : { prometheus }),
    queries: Object.fromEntries(
      Object.entries(queries).map(([name, { query, max, min }]) => [name, { query, max, min }]),
    ),
  };
}

/** Returns the hash of the rules that is stored with a check. */
export function checkRulesHash(rules: CheckRules): string {
  return templateHash({ rules: canonical(checkRules(rules)) });
}

/**
 * Returns the stricter of two sets of rules, field by field. A window, the text of a query and the Prometheus
 * are neither stricter nor weaker: those of the last update apply, as do windows and queries that were removed.
 */
export function strictestCheck(asked: CheckRules, last: CheckRules): CheckRules {
  return checkRules({
    ...asked,
    ...Object.fromEntries(limits.map((limit) => [limit, Math.min(asked[limit], last[limit])])),
    window: last.window,
    prometheus: last.prometheus ?? asked.prometheus,
    quantile: Math.max(asked.quantile, last.quantile),
    windows: [...asked.windows, ...last.windows],
    queries: {
      ...asked.queries,
      ...Object.fromEntries(
        Object.entries(last.queries).map(([name, query]) => [
          name,
          strictestQuery(
            Object.hasOwn(asked.queries, name) ? asked.queries[name] : undefined,
            query,
          ),
        ]),
      ),
    },
  });
}

function strictestQuery(asked: QueryRule | undefined, last: QueryRule): QueryRule {
  if (asked?.query !== last.query) return last;
  const bound = (pick: (...values: number[]) => number, a?: number, b?: number) =>
    a === undefined ? b : b === undefined ? a : pick(a, b);
  return {
    query: last.query,
    max: bound(Math.min, asked.max, last.max),
    min: bound(Math.max, asked.min, last.min),
  };
}
