import { createHash } from "node:crypto";

/** The first ten hexadecimal digits of a content's SHA-256; keys of objects in any order give the same. */
export function contentHash(content: Record<string, string>): string {
  const sorted = Object.entries(content).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(sorted)).digest("hex").slice(0, 10);
}
