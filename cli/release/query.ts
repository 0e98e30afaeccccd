import type { Finding } from "./verdict";

/** What a query gives. */
export interface QueryAnswer {
  /** The number of its only series; nothing when it has none or several, or when that is no number. */
  value: number | undefined;
  /** Number of series. */
  series: number;
}

/**
 * Judges what a query of the app's own gave. No number is never a pass, nor are several: Prometheus gives them in
 * any order, and the one that fails may be any of them.
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
