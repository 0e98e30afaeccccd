import { checkPrimeSync, createHash, createPrivateKey } from "node:crypto";

/** Bytes of each of the two primes; the key has twice as many. */
const primeBytes = 128;
const exponent = 65_537n;

/**
 * Derives an RSA key of 2048 bits, in PEM, from a seed. Harbor signs its tokens with RSA, and every core pod needs the
 * same key, but @pulumi/random creates no key pairs. So the state stores a random seed, from which every run derives
 * the same key.
 * @param seed at least 128 bits of randomness.
 */
export function rsaPrivateKey(seed: string): string {
  const known = keys.get(seed);
  if (known !== undefined) return known;
  const made = deriveKey(seed);
  keys.set(seed, made);
  return made;
}

/** The search takes half a second, so each seed is searched once per run. */
const keys = new Map<string, string>();

function deriveKey(seed: string): string {
  const p = derivePrime(seed, "p");
  const q = derivePrime(seed, "q");
  const [e, n, phi] = [exponent, p * q, (p - 1n) * (q - 1n)];
  const d = inverse(e, phi);
  const jwk = { n, e, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: inverse(q, p) };
  const encoded = Object.entries(jwk).map(([name, value]) => [name, base64url(value)]);
  return createPrivateKey({
    key: { kty: "RSA", ...(Object.fromEntries(encoded) as Record<string, string>) },
    format: "jwk",
  })
    .export({ type: "pkcs1", format: "pem" })
    .toString();
}

/** Returns the first prime in a sequence of numbers that a hash derives from the seed. */
function derivePrime(seed: string, label: string): bigint {
  for (let count = 0; ; count += 1) {
    const bytes = createHash("shake256", { outputLength: primeBytes })
      .update(`${label}/${count}/${seed}`)
      .digest();
    // Sets the two highest bits, so that the product has its full length, and the lowest, so that it is odd.
    bytes[0] = (bytes[0] ?? 0) | 0xc0;
    bytes[primeBytes - 1] = (bytes[primeBytes - 1] ?? 0) | 1;
    const number = BigInt(`0x${bytes.toString("hex")}`);
    if ((number - 1n) % exponent !== 0n && checkPrimeSync(bytes)) return number;
  }
}

/** Returns x below `modulus` with value · x = 1 (mod modulus), by Euclid's algorithm. */
function inverse(value: bigint, modulus: bigint): bigint {
  let [r, nextR] = [modulus, value % modulus];
  let [t, nextT] = [0n, 1n];
  while (nextR !== 0n) {
    const quotient = r / nextR;
    [r, nextR] = [nextR, r - quotient * nextR];
    [t, nextT] = [nextT, t - quotient * nextT];
  }
  return t < 0n ? t + modulus : t;
}

function base64url(value: bigint): string {
  const hex = value.toString(16);
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), "0"), "hex").toString("base64url");
}
