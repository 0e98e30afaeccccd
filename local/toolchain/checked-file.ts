import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { replaceFile } from "./replace-file";

/** Custom resource definitions in a file, with what identifies them. */
interface Definitions {
  name: string;
  version: string;
  /** SHA-256 of the file. */
  sha256: string;
}

/**
 * Writes a file of custom resource definitions unless it is there with its checksum.
 * @param make returns its text.
 * @throws Error for a text with another checksum; nothing is written then.
 */
export async function ensureCheckedFile(
  path: string,
  { name, version, sha256 }: Definitions,
  make: () => Promise<string>,
): Promise<void> {
  if (existsSync(path) && checksum(readFileSync(path, "utf8")) === sha256) return;
  const text = await make();
  const found = checksum(text);
  if (found !== sha256) {
    throw new Error(
      `${name} ${version}: expected custom resource definitions with the checksum ${sha256}, got ${found}; they are not used.`,
    );
  }
  mkdirSync(dirname(path), { recursive: true });
  replaceFile(path, text);
}

function checksum(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
