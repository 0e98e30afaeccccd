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

const example = "2026-11-21T08:00:00Z";
