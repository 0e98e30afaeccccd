import { z } from "zod";
import { expected } from "./expected";
import { show } from "./show";

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

/** The fields of a schedule in the format of cron. */
export const fiveFields = ["minute", "hour", "dayOfMonth", "month", "dayOfWeek"] as const;

/** The names of the fields in messages. */
const fieldNames: Record<Field, string> = {
  second: "second",
  minute: "minute",
  hour: "hour",
  dayOfMonth: "day of month",
  month: "month",
  dayOfWeek: "day of week",
};

/** Advice about values that some programs accept in a field, and this one does not. */
const hints: Partial<Record<Field, string>> = {
  month: "write numbers only, January is 1",
  dayOfWeek: "write numbers only, Sunday is 0",
};

/**
 * Returns the schema of a schedule: each field is `*`, numbers, ranges, steps or lists, within the range of the field.
 * @param what the whole schedule, for the message about a text with another number of fields.
 */
export function scheduleOf(fields: readonly Field[], what: string) {
  return z
    .string()
    .refine((text) => scheduleError(text, fields, what) === undefined, {
      error: ({ input }) => scheduleError(String(input), fields, what),
      abort: true,
    })
    .refine((text) => canOccur(text, fields), { error: existingDate, abort: true });
}

/** Returns the message for a text that is not a schedule with these fields. */
function scheduleError(text: string, fields: readonly Field[], what: string): string | undefined {
  const parts = text.split(" ");
  if (parts.length !== fields.length || parts.includes("")) return expected(what, show(text));
  const at = parts.findIndex((part, index) => !valuesOf(part, fields[index] ?? "minute"));
  const field = fields[at];
  if (field === undefined) return undefined;
  const [lowest, highest] = cronFields[field];
  return expected(
    `* or numbers from ${lowest} to ${highest} as the ${fieldNames[field]}, such as 5, 1-4 or */2`,
    `${show(parts[at])} in ${show(text)}`,
    hints[field],
  );
}

/** Number of days of each month, in a leap year. */
const longestMonths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Expected value in the error if {@link canOccur} is false. */
const existingDate = "a date that exists; otherwise the job never runs";

/**
 * Whether a schedule's day exists in one of its months: cron accepts `0 0 30 2 *` and never runs it. A day of
 * the week always exists, and is an alternative to the day of the month.
 */
function canOccur(text: string, fields: readonly Field[]): boolean {
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
