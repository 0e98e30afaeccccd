/** Lowest and highest value of each field of a schedule. */
export const cronFields = {
  second: [0, 59],
  minute: [0, 59],
  hour: [0, 23],
  dayOfMonth: [1, 31],
  month: [1, 12],
  dayOfWeek: [0, 6],
} as const;

type Field = keyof typeof cronFields;

/** Whether a schedule has these fields, within their ranges: `*`, numbers, ranges, steps, lists. */
export function isSchedule(text: string, fields: readonly Field[]): boolean {
  const parts = text.split(" ");
  return (
    parts.length === fields.length &&
    parts.every((part, at) => valuesOf(part, fields[at] ?? "minute") !== undefined)
  );
}

/** Number of days of each month, in a leap year. */
const longestMonths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** What is expected where {@link comesUp} is false. */
export const someDay = "a day that the month has, because otherwise it never comes";

/**
 * Whether a schedule's day exists in one of its months: cron accepts `0 0 30 2 *` and never runs it. A day of
 * the week always exists, and is an alternative to the day of the month.
 */
export function comesUp(text: string, fields: readonly Field[]): boolean {
  const parts = text.split(" ");
  const field = (name: Field) => parts[fields.indexOf(name)] ?? "*";
  if (!/^\*(\/1)?$/.test(field("dayOfWeek"))) return true;
  const days = valuesOf(field("dayOfMonth"), "dayOfMonth") ?? [];
  const months = valuesOf(field("month"), "month") ?? [];
  const longest = Math.max(...months.map((month) => longestMonths[month - 1] ?? 0));
  return days.some((day) => day <= longest);
}

/** Returns the values of a field; undefined if it is invalid. */
function valuesOf(part: string, field: Field): number[] | undefined {
  const items = part.split(",").map((item) => valuesOfItem(item, cronFields[field]));
  return items.every((values) => values !== undefined) ? items.flat() : undefined;
}

function valuesOfItem(
  text: string,
  [lowest, highest]: readonly [number, number],
): number[] | undefined {
  const match = /^(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:\/(\d{1,2}))?$/.exec(text);
  if (match === null) return undefined;
  const [, first, last, step] = match.map((it: string | undefined) =>
    it === undefined ? undefined : Number(it),
  );
  const from = first ?? lowest;
  // "5/15" is short for a range from 5 to the highest value.
  const to = last ?? (first === undefined || step !== undefined ? highest : from);
  if (from < lowest || to > highest || from > to || step === 0) return undefined;
  return Array.from({ length: Math.floor((to - from) / (step ?? 1)) + 1 }, (_, at) => {
    return from + at * (step ?? 1);
  });
}
