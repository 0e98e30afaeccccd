/** Lowest and highest value of each field of a schedule. */
export const cronFields = {
  second: [0, 59],
  minute: [0, 59],
  hour: [0, 23],
  dayOfMonth: [1, 31],
  month: [1, 12],
  dayOfWeek: [0, 6],
} as const;

/** Whether a schedule has these fields, within their ranges: `*`, numbers, ranges, steps, lists. */
export function isSchedule(text: string, fields: readonly (keyof typeof cronFields)[]): boolean {
  const parts = text.split(" ");
  return (
    parts.length === fields.length &&
    parts.every((part, at) => {
      const [lowest, highest] = cronFields[fields[at] ?? "minute"];
      return part.split(",").every((item) => isItem(item, lowest, highest));
    })
  );
}

function isItem(text: string, lowest: number, highest: number): boolean {
  const match = /^(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:\/(\d{1,2}))?$/.exec(text);
  if (match === null) return false;
  const [, first, last, step] = match.map((it: string | undefined) =>
    it === undefined ? undefined : Number(it),
  );
  const inside = (value: number | undefined) =>
    value === undefined || (value >= lowest && value <= highest);
  const ordered = first === undefined || last === undefined || first <= last;
  return inside(first) && inside(last) && ordered && (step === undefined || step >= 1);
}
