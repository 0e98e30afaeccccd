/** Seconds of each unit of time, in the notation of Kubernetes, Go and Prometheus. */
const secondsPerUnit: Readonly<Record<string, number>> = {
  ms: 0.001,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  y: 31_536_000,
};

/** Seconds of a day. */
export const day = 86_400;

/** Seconds of an hour. */
export const hour = 3600;

/**
 * Returns a duration such as `30s`, `1h30m` or `1.5d` in seconds; NaN for a text that is not a duration: checks compare
 * it with others, and another error reports the text.
 */
export function secondsOf(text: string): number {
  if (!/^(\d+(\.\d+)?(ms|[smhdwy]))+$/.test(text)) return NaN;
  const parts = [...text.matchAll(/([\d.]+)([a-z]+)/g)];
  return parts.reduce(
    (sum, [, count, unit = ""]) => sum + Number(count) * (secondsPerUnit[unit] ?? NaN),
    0,
  );
}

/** Returns seconds in days, rounded up, for programs that count in whole days. */
export function daysOf(seconds: number): number {
  return Math.ceil(seconds / day);
}

const shown: readonly (readonly [seconds: number, unit: string])[] = [
  [day, "d"],
  [hour, "h"],
  [60, "min"],
  [1, "s"],
];

/** Returns a duration for people, in its two largest units: `1 d 2 h`, `35 min`, `20 s`. */
export function span(seconds: number): string {
  const first = shown.findIndex(([size]) => seconds >= size);
  const [large, small] = shown.slice(first < 0 ? shown.length - 1 : first);
  if (large === undefined) return `${seconds} s`;
  const [size, unit] = large;
  const whole = `${Math.floor(seconds / size)} ${unit}`;
  const rest = small === undefined ? 0 : Math.floor((seconds % size) / small[0]);
  return small === undefined || rest === 0 ? whole : `${whole} ${rest} ${small[1]}`;
}
