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
  const first = amount(a);
  return first !== undefined && first === amount(b);
}

/** Decimal units, as powers of ten. */
const decimal: Record<string, number> = {
  "": 0,
  n: -9,
  u: -6,
  m: -3,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
/** Binary units, as powers of two. */
const binary: Record<string, bigint> = { Ki: 10n, Mi: 20n, Gi: 30n, Ti: 40n, Pi: 50n, Ei: 60n };
/** Power of ten of the internal unit, small enough for all amounts in use. */
const precision = 40;

/** Exact, unlike floating point, in which 1.001 is not 1001 times 0.001. */
function amount(text: string): bigint | undefined {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,2})|([a-zA-Z]{0,2}))$/.exec(text);
  const [, sign, whole = "", fraction = "", exponent, unit = ""] = match ?? [];
  if (whole + fraction === "") return undefined;
  const power = exponent === undefined ? (decimal[unit] ?? 0) : Number(exponent);
  if (!(unit in decimal) && !(unit in binary)) return undefined;
  const scale = precision + power - fraction.length;
  if (scale < 0) return undefined;
  const digits = BigInt(whole + fraction) * 10n ** BigInt(scale) * 2n ** (binary[unit] ?? 0n);
  return sign === "-" ? -digits : digits;
}
