import { secondsOf } from "../../../config/durations";
import { programSizeOf } from "../../../config/quantities";

/** The least and the most that a text can mean, with its unit, so that two of the same kind can be compared. */
export interface Measure {
  least: number;
  most: number;
  kind: "duration" | "size" | "number";
}

/** Returns a duration (`1h30m`), a size (`2GiB`, `500MB`) or a number; undefined for any other text. */
export function measureOf(value: unknown): Measure | undefined {
  if (typeof value === "number") return exactly(value, "number");
  if (typeof value !== "string") return undefined;
  const text = value.trim();
  if (/^-?\d+(\.\d+)?$/.test(text)) return exactly(Number(text), "number");
  const seconds = secondsOf(text);
  if (!Number.isNaN(seconds)) return exactly(seconds, "duration");
  const size = programSizeOf(text);
  return size && { least: size[0], most: size[1], kind: "size" };
}

function exactly(amount: number, kind: Measure["kind"]): Measure {
  return { least: amount, most: amount, kind };
}

/**
 * Whether a value is less than another of its kind, at least in one way to read them; undefined if it is not a measure,
 * or of another kind.
 */
export function isLess(after: unknown, before: unknown): boolean | undefined {
  const [now, old] = [measureOf(after), measureOf(before)];
  if (now === undefined || old?.kind !== now.kind) return undefined;
  return now.least < old.least || now.most < old.most;
}
