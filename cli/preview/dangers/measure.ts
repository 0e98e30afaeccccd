/** A number with its unit, so that two of the same kind can be compared. */
export interface Measure {
  amount: number;
  kind: "duration" | "size" | "number";
}

/** Seconds of each unit of time. */
const seconds: Record<string, number> = {
  ms: 0.001,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  y: 31_536_000,
};

const sizes: Record<string, number> = { k: 1, m: 2, g: 3, t: 4, p: 5, e: 6 };

/** Returns a duration (`1h30m`), a size (`2GiB`, `500MB`) or a number; undefined for any other text. */
export function measureOf(value: unknown): Measure | undefined {
  if (typeof value === "number") return { amount: value, kind: "number" };
  if (typeof value !== "string") return undefined;
  const text = value.trim();
  if (/^-?\d+(\.\d+)?$/.test(text)) return { amount: Number(text), kind: "number" };
  if (/^(\d+(\.\d+)?(ms|[smhdwy]))+$/.test(text)) {
    const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhdwy])/g)];
    const amount = parts.reduce(
      (sum, [, count, unit = ""]) => sum + Number(count) * (seconds[unit] ?? 0),
      0,
    );
    return { amount, kind: "duration" };
  }
  const size = /^(\d+(?:\.\d+)?)([kmgtpe])(i?)b?$/i.exec(text);
  if (size === null) return undefined;
  const [, count, unit = "", binary] = size;
  const base = binary === "" ? 1000 : 1024;
  return { amount: Number(count) * base ** (sizes[unit.toLowerCase()] ?? 0), kind: "size" };
}

/** Whether a value is less than another of its kind; undefined if it is not a measure, or of another kind. */
export function isLess(after: unknown, before: unknown): boolean | undefined {
  const [now, old] = [measureOf(after), measureOf(before)];
  if (now === undefined || old?.kind !== now.kind) return undefined;
  return now.amount < old.amount;
}
