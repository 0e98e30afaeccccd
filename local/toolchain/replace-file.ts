import { randomUUID } from "node:crypto";
import { chmodSync, existsSync, realpathSync, renameSync, statSync, writeFileSync } from "node:fs";

/**
 * Returns a path next to another one, for a file that is renamed to it when it is complete. It is unique even
 * among processes in containers or namespaces, which may have the same process ID.
 */
export function temporaryPath(path: string): string {
  return `${path}.${randomUUID()}`;
}

/**
 * Replaces a file atomically: a concurrent reader gets the old one or the new one. A link stays, and the file that it
 * leads to is replaced.
 * @param mode permissions. Default: those of the replaced file, or of a new file.
 */
export function replaceFile(path: string, text: string, mode?: number): void {
  const isThere = existsSync(path);
  const target = isThere ? realpathSync(path) : path;
  const permissions = mode ?? (isThere ? statSync(target).mode & 0o7777 : undefined);
  const temporary = temporaryPath(target);
  // The mode at creation, so that nobody else can read the text in the meantime, and again, as the umask limits it.
  writeFileSync(temporary, text, { mode: permissions });
  if (permissions !== undefined) chmodSync(temporary, permissions);
  renameSync(temporary, target);
}
