import { randomUUID } from "node:crypto";
import { chmodSync, renameSync, writeFileSync } from "node:fs";

/**
 * Returns a path next to another one, for a file that is renamed to it when it is complete. It is unique even
 * among processes in containers or namespaces, which may have the same process ID.
 */
export function temporaryPath(path: string): string {
  return `${path}.${randomUUID()}`;
}

/**
 * Replaces a file atomically: a concurrent reader gets the old one or the new one.
 * @param mode permissions. Default: those of a new file.
 */
export function replaceFile(path: string, text: string, mode?: number): void {
  const temporary = temporaryPath(path);
  writeFileSync(temporary, text);
  if (mode !== undefined) chmodSync(temporary, mode);
  renameSync(temporary, path);
}
