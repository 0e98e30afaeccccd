/** Minimum and maximum of each field: minute, hour, day, month, day of the week. */
const ranges = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
] as const;

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const macros: Record<string, string> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};

/**
 * Returns how often a cron expression runs in a year; undefined if it is invalid. A field for seconds counts
 * once.
 */
export function runsInYear(expression: unknown): number | undefined {
  if (typeof expression !== "string") return undefined;
  const parts = (macros[expression.trim()] ?? expression)
    .replace(/^TZ=\S+\s+/, "")
    .trim()
    .split(/\s+/);
  // Elasticsearch and Harbor write seconds first, and Elasticsearch optionally a year at the end.
  const five = parts.length >= 6 ? parts.slice(1, 6) : parts;
  if (five.length !== 5) return undefined;
  const fields = five.map((part, index) => valuesOf(part.toLowerCase(), index));
  const [minutes, hours, daysOfMonth, monthsOfYear, daysOfWeek] = fields;
  if (!minutes || !hours || !daysOfMonth || !monthsOfYear || !daysOfWeek) return undefined;
  const [anyDay, anyWeekday] = [isAny(five[2]), isAny(five[4])];
  let found = 0;
  for (
    const day = new Date(Date.UTC(2025, 0, 1));
    day.getUTCFullYear() === 2025;
    day.setUTCDate(day.getUTCDate() + 1)
  ) {
    const inMonth = daysOfMonth.has(day.getUTCDate());
    const inWeek = daysOfWeek.has(day.getUTCDay());
    const fits = anyDay || anyWeekday ? inMonth && inWeek : inMonth || inWeek;
    if (monthsOfYear.has(day.getUTCMonth() + 1) && fits) found += 1;
  }
  return found * minutes.size * hours.size;
}

function isAny(field: string | undefined): boolean {
  return field === "*" || field === "?";
}

function valuesOf(field: string, index: number): Set<number> | undefined {
  const [min, max] = ranges[index] ?? [0, 0];
  const values = new Set<number>();
  for (const part of field.split(",")) {
    const match = /^(\*|\?|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(part);
    if (match === null) return undefined;
    const [, all = "", first = "", last, step] = match;
    const open = all === "*" || all === "?";
    const from = open ? min : numberOf(first, index);
    const until =
      open || (last === undefined && step !== undefined) ? max : numberOf(last ?? first, index);
    const by = step === undefined ? 1 : Number(step);
    const isValid = from >= min && until <= max && from <= until && by > 0;
    if (!isValid) return undefined;
    for (let value = from; value <= until; value += by) values.add(index === 4 ? value % 7 : value);
  }
  return values;
}

/** Returns a number, or that of the name of a month or a day; NaN for anything else. */
function numberOf(text: string, index: number): number {
  if (/^\d+$/.test(text)) return Number(text);
  const place = index === 3 ? months.indexOf(text) + 1 : index === 4 ? days.indexOf(text) : -1;
  return place < (index === 3 ? 1 : 0) ? NaN : place;
}
