import { chmodSync, renameSync, writeFileSync } from "node:fs";

/**
 * Replaces a file atomically: a concurrent reader gets the old one or the new one.
 * @param mode permissions. Default: those of a new file.
 */
export function replaceFile(path: string, text: string, mode?: number): void {
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, text);
  if (mode !== undefined) chmodSync(temporary, mode);
  renameSync(temporary, path);
}
