import type { Finding } from "./verdict";

/** Result of a query. */
export interface QueryAnswer {
  /**
   * The number of its only series; undefined for no series, several series, or a value that is not a number.
   */
  value: number | undefined;
  /** Number of series. */
  series: number;
}

/**
 * Judges the result of a query of the app. A missing number never passes. Neither do several numbers:
 * Prometheus returns them in any order, and any of them may be the one that fails.
 */
export function judgeQuery(
  name: string,
  { value, series }: QueryAnswer,
  { min = -Infinity, max = Infinity }: { min?: number; max?: number },
): Finding {
  const criterion = "query";
  if (value === undefined) {
    const text =
      series > 1
        ? `expected one number, got ${series}; put sum, max or min around the query`
        : "no number";
    return { criterion, verdict: "inconclusive", text: `${name}: ${text}` };
  }
  const bounds = [
    ...(min === -Infinity ? [] : [`at least ${min}`]),
    ...(max === Infinity ? [] : [`at most ${max}`]),
  ].join(" and ");
  return {
    criterion,
    verdict: value >= min && value <= max ? "pass" : "fail",
    text: `${name}: ${value}; allowed: ${bounds}`,
  };
}
