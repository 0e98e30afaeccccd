import { lookup } from "./lookup";

/** Units of quantities as powers of ten. */
const decimal: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  "": 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};

/** Units of quantities as powers of two. */
const binary: Readonly<Record<string, number>> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };

/** Decimal places of the smallest amount that Kubernetes knows; it rounds up what is smaller. */
const places = 9;
const parts = 10 ** places;

/**
 * Returns a Kubernetes quantity in billionths of its base unit, which are cores, bytes or a number; undefined for any
 * other text. It is exact, unlike floating point, in which 1.001 is not 1001 times 0.001.
 */
export function billionthsOf(text: string): bigint | undefined {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,2})|([a-zA-Z]{0,2}))$/.exec(text);
  const [, sign, whole = "", fraction = "", exponent, unit = ""] = match ?? [];
  if (whole + fraction === "") return undefined;
  const twos = lookup(binary, unit);
  const tens = twos === undefined ? lookup(decimal, unit) : 0;
  if (tens === undefined) return undefined;
  const digits = BigInt(whole + fraction) * 2n ** BigInt(twos ?? 0);
  const power = exponent === undefined ? tens : Number(exponent);
  const amount = shifted(digits, places + power - fraction.length);
  return sign === "-" ? -amount : amount;
}

/** Returns a number times a power of ten, rounded up. */
function shifted(number: bigint, power: number): bigint {
  if (power >= 0) return number * 10n ** BigInt(power);
  const divisor = 10n ** BigInt(-power);
  return (number + divisor - 1n) / divisor;
}

/** Returns a Kubernetes quantity in its base unit: cores, bytes or a number; undefined for anything else. */
export function quantityOf(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  const amount = typeof value === "string" ? billionthsOf(value) : undefined;
  if (amount === undefined) return undefined;
  const whole = amount / BigInt(parts);
  // A large number of bytes has more billionths than floating point can count.
  return whole * BigInt(parts) === amount ? Number(whole) : Number(amount) / parts;
}

/** Returns CPU such as `0.5` or `250m` in millicores; NaN for a text that is not a quantity. */
export function millicoresOf(cpu: string): number {
  return Math.round((quantityOf(cpu) ?? NaN) * 1000);
}

/**
 * Returns a size of the config such as `100Mi` in bytes; NaN for any other text: checks compare it with others, and
 * another error reports the text.
 */
export function bytesOf(size: string): number {
  return /^\d+(Ki|Mi|Gi|Ti)$/.test(size) ? (quantityOf(size) ?? NaN) : NaN;
}

/** Bytes of a `Mi`. */
export const mebibyte = 2 ** 20;

/**
 * Returns a size of the config such as `2Gi` in Mi; a size in Ki may have a fraction.
 * @throws Error for a text that is not such a size.
 */
export function mebibytesOf(size: string): number {
  const bytes = bytesOf(size);
  if (Number.isNaN(bytes)) {
    throw new Error(
      `size: expected a whole number of Ki, Mi, Gi or Ti, got ${JSON.stringify(size)}`,
    );
  }
  return bytes / mebibyte;
}

/** Returns CPU in cores if they are whole, otherwise in millicores. */
export function showCpu(millicores: number): string {
  return millicores % 1000 === 0 ? String(millicores / 1000) : `${millicores}m`;
}

/**
 * Returns memory in the largest unit up to Ti that needs no fraction.
 * @param amount KiB.
 */
export function showMemory(amount: number): string {
  const units = ["Ti", "Gi", "Mi"].map((unit) => [unit, 2 ** ((binary[unit] ?? 0) - 10)] as const);
  const [unit, size] = units.find(([, unitSize]) => amount % unitSize === 0) ?? ["Ki", 1];
  return `${amount / size}${unit}`;
}

/**
 * Returns the bytes of a size as programs write it, such as `80GB`, `2GiB` or `512m`, as the least and the most that it
 * can mean: a unit without `i` counts in 1000 for some programs, and in 1024 for others, such as Prometheus and
 * Elasticsearch. Undefined for any other text.
 */
export function programSizeOf(text: string): readonly [least: number, most: number] | undefined {
  const match = /^(\d+(?:\.\d+)?)([kmgtpe])(i?)b?$/i.exec(text);
  if (match === null) return undefined;
  const [, count, letter = "", binaryMark] = match;
  const power = "kmgtpe".indexOf(letter.toLowerCase()) + 1;
  const most = Number(count) * 1024 ** power;
  return [binaryMark === "" ? Number(count) * 1000 ** power : most, most];
}
