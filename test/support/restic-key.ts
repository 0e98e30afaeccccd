import { createCipheriv, createDecipheriv, createHash, randomBytes, scryptSync } from "node:crypto";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A file in `keys/` of a repository of restic: how the password's key is derived, and what it encrypts. */
interface KeyFile {
  N: number;
  r: number;
  p: number;
  /** In base64, as `data`. */
  salt: string;
  /** Initialization vector, the encrypted key of the repository, and their authentication code. */
  data: string;
}

/** The keys that are derived from the password: the encryption key, and the two keys of Poly1305-AES. */
interface Derived {
  encryption: Buffer;
  nonceKey: Buffer;
  r: Buffer;
}

/**
 * Encrypts the key of a repository again, by a key that takes next to no time to derive from the password. That of
 * `restic init` takes half a second of CPU time in each run of restic, as it must where somebody could guess passwords.
 */
export function shortenDerivation(repository: string, password: string): void {
  const folder = join(repository, "keys");
  for (const name of readdirSync(folder)) {
    const file = JSON.parse(readFileSync(join(folder, name), "utf8")) as KeyFile;
    const text = decrypted(Buffer.from(file.data, "base64"), derived(password, file));
    const salt = randomBytes(64).toString("base64");
    const quick = { ...file, N: 2, r: 1, p: 1, salt };
    const data = encrypted(text, derived(password, quick)).toString("base64");
    const content = JSON.stringify({ ...quick, data });
    rmSync(join(folder, name));
    writeFileSync(join(folder, createHash("sha256").update(content).digest("hex")), content);
  }
}

function derived(password: string, { N, r, p, salt }: Omit<KeyFile, "data">): Derived {
  const bytes = scryptSync(password, Buffer.from(salt, "base64"), 64, { N, r, p, maxmem: 2 ** 28 });
  return {
    encryption: bytes.subarray(0, 32),
    nonceKey: bytes.subarray(32, 48),
    r: bytes.subarray(48),
  };
}

function decrypted(data: Buffer, { encryption }: Derived): Buffer {
  const cipher = createDecipheriv("aes-256-ctr", encryption, data.subarray(0, 16));
  return cipher.update(data.subarray(16, -16));
}

function encrypted(text: Buffer, { encryption, nonceKey, r }: Derived): Buffer {
  const vector = randomBytes(16);
  const hidden = createCipheriv("aes-256-ctr", encryption, vector).update(text);
  const nonce = createCipheriv("aes-128-ecb", nonceKey, null).setAutoPadding(false).update(vector);
  return Buffer.concat([vector, hidden, poly1305(hidden, r, nonce)]);
}

function poly1305(message: Buffer, r: Buffer, nonce: Buffer): Buffer {
  const number = (bytes: Buffer) => BigInt(`0x${Buffer.from(bytes).reverse().toString("hex")}`);
  const factor = number(r) & 0x0ffffffc0ffffffc0ffffffc0fffffffn;
  let sum = 0n;
  for (let at = 0; at < message.length; at += 16) {
    const block = Buffer.concat([message.subarray(at, at + 16), Buffer.from([1])]);
    sum = ((sum + number(block)) * factor) % (2n ** 130n - 5n);
  }
  const code = (sum + number(nonce)) % 2n ** 128n;
  return Buffer.from(code.toString(16).padStart(32, "0"), "hex").reverse();
}
