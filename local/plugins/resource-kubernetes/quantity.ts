import { billionthsOf } from "../../../config/quantities";

/** Keys whose children are only quantities and names. */
const holders = new Set(["requests", "limits", "hard", "capacity", "allocatable", "podFixed"]);
/** Keys whose value is a quantity. */
const quantities = new Set(["sizeLimit", "averageValue", "divisor"]);
/** Top-level fields whose content is the program's own text. */
const texts = new Set(["data", "stringData", "binaryData", "metadata"]);

/**
 * Whether the API server parses the value at this path as a quantity, and normalizes it. Elsewhere, `1` and `1.0` are
 * different strings.
 */
export function isQuantityAt(keys: string[]): boolean {
  const own = keys.at(-1) ?? "";
  const above = keys.slice(0, -1);
  if (texts.has(keys[0] ?? "")) return false;
  if (above.some((key) => holders.has(key)) || quantities.has(own)) return true;
  return own === "value" && above.at(-1) === "target";
}

/** Whether two strings are the same quantity: `0.5` and `500m`, `1024Mi` and `1Gi`. */
export function sameQuantity(a: string, b: string): boolean {
  const first = billionthsOf(a);
  return first !== undefined && first === billionthsOf(b);
}
