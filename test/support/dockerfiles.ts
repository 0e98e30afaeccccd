import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Folder of the project's Dockerfiles, relative to the project. */
export const dockerFolder = "components/images/docker";

/** A Dockerfile of the project. */
export interface Dockerfile {
  /** Name of its folder: a runtime, or `app-<preset>`. */
  name: string;
  path: string;
  /** Instructions, each on one line, without comments. */
  lines: string[];
  /** Names of its build arguments (ARG), in any stage. */
  args: string[];
}

/** Every Dockerfile of the project. */
export function dockerfiles(): Dockerfile[] {
  return readdirSync(dockerFolder)
    .sort()
    .map((name) => {
      const path = join(dockerFolder, name, "Dockerfile");
      const lines = readFileSync(path, "utf8")
        .replace(/^#.*\n/gm, "")
        .replace(/\\\n\s*/g, "")
        .split("\n")
        .filter((line) => line !== "");
      const args = lines
        .map((line) => /^ARG (\w+)/.exec(line)?.[1])
        .filter((arg) => arg !== undefined);
      return { name, path, lines, args: [...new Set(args)] };
    });
}
