import { canonical, templateHash } from "./template";

/** A query of the app's own, and the numbers that pass. */
export interface QueryRule {
  query: string;
  max?: number;
  min?: number;
}

/** What a check judges a canary by. How many requests it must have seen is a rule of its own. */
export interface CheckRules {
  /** Seconds that are looked back on. */
  window: number;
  /** Highest share of errors, 0 to 1, regardless of stable. */
  maximumErrorRatio: number;
  /** Highest share of errors that stable's own may allow. */
  highestErrorRatio: number;
  /** How many times stable's share of errors the canary may have. */
  errorFactor: number;
  /** Quantile of the latency that is compared. */
  quantile: number;
  /** How many times stable's latency the canary may have. */
  latencyFactor: number;
  /** Restarts that are forgiven. */
  maximumRestarts: number;
  /** Shorter windows that must pass as well, seconds. */
  windows: number[];
  /** By name. */
  queries: Record<string, QueryRule>;
  /** Address of the Prometheus that answers; unknown to records of older programs and to stacks without one. */
  prometheus?: string;
}

/** Limits of which the lower one is the stricter. */
const limits = [
  "maximumErrorRatio",
  "highestErrorRatio",
  "errorFactor",
  "latencyFactor",
  "maximumRestarts",
] as const;

/**
 * The rules of a check as they are compared and recorded: only those, and the order in which windows
 * are written means nothing.
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

/** What evidence keeps of the rules by which it was judged. */
export function checkRulesHash(rules: CheckRules): string {
  return templateHash({ rules: canonical(checkRules(rules)) });
}

/**
 * Of two sets of rules, each as the stricter one has it. A window, the text of a query and the Prometheus that
 * answers have no stricter side: they are the last update's, as are windows and queries that were removed.
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
