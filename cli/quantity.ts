/** Factors of the suffixes of a quantity. */
const units: Record<string, number> = {
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  ki: 2 ** 10,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** Divisors of the suffixes below one, because a multiplication by their inverse would not be exact. */
const fractions: Record<string, number> = { n: 1e9, u: 1e6, m: 1e3 };

/** Returns a Kubernetes quantity in its base unit: cores, bytes, pods; undefined for anything else. */
export function quantity(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return undefined;
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?(?:e[+-]?\d+)?)([a-zA-Z]{0,2})$/.exec(value) ?? [];
  if (number === undefined) return undefined;
  if (Object.hasOwn(fractions, unit)) return Number(number) / (fractions[unit] ?? 1);
  return Object.hasOwn(units, unit) ? Number(number) * (units[unit] ?? 1) : undefined;
}
