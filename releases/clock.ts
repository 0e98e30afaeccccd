/**
 * Seconds by which the clocks of the computers that check and that plan may differ. With NTP, clocks differ by
 * far less than a second; Kerberos and most token issuers accept five minutes.
 */
export const clockSkew = 300;

/**
 * Returns the milliseconds since 1970 of a time that is given as a date or as ISO 8601 text.
 * @throws RangeError if it is neither.
 */
export function instant(moment: Date | string): number {
  const time = typeof moment === "string" ? Date.parse(moment) : moment.getTime();
  if (Number.isNaN(time)) {
    throw new RangeError(
      `"${String(moment)}" is not a time; give a date or a text such as ${example}.`,
    );
  }
  return time;
}

/** Returns a time in the form of records and messages: UTC, ISO 8601. */
export function iso(time: number): string {
  return new Date(time).toISOString();
}

/** Returns a duration for people, in its two largest units: `1 d 2 h`, `35 min`, `20 s`. */
export function span(seconds: number): string {
  const first = units.findIndex(([size]) => seconds >= size);
  const [large, small] = units.slice(first < 0 ? units.length - 1 : first);
  if (large === undefined) return `${seconds} s`;
  const [size, unit] = large;
  const whole = `${Math.floor(seconds / size)} ${unit}`;
  const rest = small === undefined ? 0 : Math.floor((seconds % size) / small[0]);
  return small === undefined || rest === 0 ? whole : `${whole} ${rest} ${small[1]}`;
}

const example = "2026-11-21T08:00:00Z";

const units: readonly (readonly [seconds: number, unit: string])[] = [
  [86_400, "d"],
  [3600, "h"],
  [60, "min"],
  [1, "s"],
];
