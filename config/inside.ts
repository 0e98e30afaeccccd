import { existsSync, realpathSync } from "node:fs";
import { join, sep } from "node:path";

/**
 * Returns why a path must not be read: a link may point out of the folder of the apps' files.
 * @param path relative to the project's folder.
 * @returns undefined if the file is inside, or does not exist.
 */
export function insideProblem(path: string, inside: string, folder = "."): string | undefined {
  const full = join(folder, path);
  if (!existsSync(full)) return undefined;
  const root = realpathSync(join(folder, inside));
  const real = realpathSync(full);
  if (real === root || real.startsWith(root + sep)) return undefined;
  return `expected a file below ${inside}/, got a link that leads out of it`;
}
