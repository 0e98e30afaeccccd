import { createHash } from "node:crypto";

/** Returns the first ten hexadecimal digits of the SHA-256 of a map. The order of its keys does not matter. */
export function contentHash(content: Record<string, string>): string {
  const sorted = Object.entries(content).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(sorted)).digest("hex").slice(0, 10);
}
