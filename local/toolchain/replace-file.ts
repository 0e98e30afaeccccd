import { chmodSync, renameSync, writeFileSync } from "node:fs";

/**
 * Writes a file in one step: whoever reads or starts it at this very moment finds the old one or the new one.
 * @param mode permissions; those of any new file without it.
 */
export function replaceFile(path: string, text: string, mode?: number): void {
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, text);
  if (mode !== undefined) chmodSync(temporary, mode);
  renameSync(temporary, path);
}
