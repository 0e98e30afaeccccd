import { randomBytes } from "node:crypto";

/** Logarithm of the number of rounds; 10 is the official plugin's value. */
const COST = 10;

/** Number of bytes of a password that bcrypt uses, including the final zero byte. */
const MAX_KEY_BYTES = 72;

/** Numbers of Blowfish's subkeys and S-box words, 32 bits each. */
const SUBKEYS = 18;
const BOXES = 4 * 256;

const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BCRYPT64 = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** Plain text that bcrypt encrypts with the derived key. */
const PLAIN_TEXT = "OrpheanBeholderScryDoubt";

/** A Blowfish key schedule. */
interface Cipher {
  subkeys: Int32Array;
  boxes: Int32Array;
}

/**
 * Returns the bcrypt hash of `password` in the format of htpasswd files (`$2a$10$…`). Like every bcrypt, it ignores
 * everything after the first 72 bytes.
 * @param salt 16 bytes. Default: random.
 * @param cost logarithm of the number of rounds, 4 to 31.
 */
export function bcrypt(password: string, salt: Uint8Array = randomBytes(16), cost = COST): string {
  const key = words(Buffer.from(`${password}\0`).subarray(0, MAX_KEY_BYTES), SUBKEYS);
  const saltWords = words(salt, SUBKEYS);
  const cipher = initialCipher();
  expandKey(cipher, key, saltWords.subarray(0, 4));
  const none = new Int32Array(4);
  for (let round = 0; round < 2 ** cost; round++) {
    expandKey(cipher, key, none);
    expandKey(cipher, saltWords, none);
  }
  const hash = encryptText(cipher).subarray(0, 23);
  const rounds = String(cost).padStart(2, "0");
  return `$2a$${rounds}$${encode(salt)}${encode(hash)}`;
}

function encryptText(cipher: Cipher): Buffer {
  const text = words(Buffer.from(PLAIN_TEXT), PLAIN_TEXT.length / 4);
  for (let at = 0; at < text.length; at += 2) {
    for (let times = 0; times < 64; times++) encrypt(cipher, text, at);
  }
  const bytes = Buffer.alloc(PLAIN_TEXT.length);
  text.forEach((word, index) => bytes.writeInt32BE(word, 4 * index));
  return bytes;
}

/** Mixes key and salt into the schedule, the expensive part of bcrypt. */
function expandKey(cipher: Cipher, key: Int32Array, salt: Int32Array): void {
  const { subkeys, boxes } = cipher;
  for (let i = 0; i < SUBKEYS; i++) subkeys[i]! ^= key[i]!;
  const block = new Int32Array(2);
  let taken = 0;
  for (const target of [subkeys, boxes]) {
    for (let i = 0; i < target.length; i += 2) {
      block[0]! ^= salt[taken]!;
      block[1]! ^= salt[taken + 1]!;
      taken = (taken + 2) % 4;
      encrypt(cipher, block, 0);
      target[i] = block[0]!;
      target[i + 1] = block[1]!;
    }
  }
}

/** Encrypts the two words at `at` in place. */
function encrypt({ subkeys, boxes }: Cipher, data: Int32Array, at: number): void {
  let left = data[at]! ^ subkeys[0]!;
  let right = data[at + 1]!;
  for (let i = 1; i < SUBKEYS - 1; i++) {
    const mixed =
      (((boxes[left >>> 24]! + boxes[256 + ((left >>> 16) & 255)]!) ^
        boxes[512 + ((left >>> 8) & 255)]!) +
        boxes[768 + (left & 255)]!) |
      0;
    const next = right ^ mixed ^ subkeys[i]!;
    right = left;
    left = next;
  }
  data[at] = right ^ subkeys[SUBKEYS - 1]!;
  data[at + 1] = left;
}

/** Returns `count` big-endian words from `bytes`, which are repeated if necessary. */
function words(bytes: Uint8Array, count: number): Int32Array {
  const result = new Int32Array(count);
  for (let i = 0; i < 4 * count; i++) {
    result[i >> 2] = (result[i >> 2]! << 8) | bytes[i % bytes.length]!;
  }
  return result;
}

function encode(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString("base64").replace(/=+$/, "");
  return Array.from(text, (char) => BCRYPT64[BASE64.indexOf(char)]).join("");
}

let fraction: Int32Array | undefined;

/** Blowfish starts with the binary digits of the fraction of pi. */
function initialCipher(): Cipher {
  fraction ??= words(piFraction(SUBKEYS + BOXES), SUBKEYS + BOXES);
  return {
    subkeys: fraction.slice(0, SUBKEYS),
    boxes: fraction.slice(SUBKEYS),
  };
}

/** Returns the first 32-bit words of the fraction of pi, by Machin's formula. */
function piFraction(count: number): Buffer {
  const guard = 64n;
  const bits = BigInt(32 * count);
  const one = 1n << (bits + guard);
  const pi = 16n * arctanOfInverse(5n, one) - 4n * arctanOfInverse(239n, one);
  const digits = (pi >> guard) & ((1n << bits) - 1n);
  return Buffer.from(digits.toString(16).padStart(8 * count, "0"), "hex");
}

function arctanOfInverse(n: bigint, one: bigint): bigint {
  let power = one / n;
  let sum = power;
  for (let k = 3n, sign = -1n; power > 0n; k += 2n, sign = -sign) {
    power /= n * n;
    sum += (sign * power) / k;
  }
  return sum;
}
