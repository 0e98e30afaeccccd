import { randomBytes } from "node:crypto";
import { encodeBase64, hashSync } from "bcryptjs";

/** Number of bytes of a salt. */
const saltBytes = 16;

/**
 * Returns the bcrypt hash of `password` in the format of htpasswd files (`$2a$10$…`), as the official plugin does. Like
 * every bcrypt, it ignores everything after the first 72 bytes.
 * @param salt 16 bytes. Default: random.
 * @param cost logarithm of the number of rounds, 4 to 31. Default: 10, the official plugin's value.
 */
export function bcrypt(
  password: string,
  salt: Uint8Array = randomBytes(saltBytes),
  cost = 10,
): string {
  const rounds = String(cost).padStart(2, "0");
  return hashSync(password, `$2a$${rounds}$${encodeBase64(salt, saltBytes)}`);
}
