import { createHash } from "node:crypto";
import { existsSync, lstatSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import { ProgramError } from "../../config";
import { insideProblem } from "../../config/inside";

/** Maximum number of files of one chart or kustomization. */
const maxFiles = 2000;

/**
 * Returns the paths of all files below a folder of the project, relative to that folder, sorted.
 * @throws ProgramError if there is no such folder, if it is empty, or if a link leads out of it.
 */
export function filesBelow(source: string, folder = "."): string[] {
  const full = join(folder, source);
  if (!existsSync(full) || !statSync(full).isDirectory()) {
    throw new ProgramError(`expected a folder that exists, got ${source}`);
  }
  refuseOutside(source, folder);
  const found: string[] = [];
  const visit = (path: string): void => {
    for (const name of readdirSync(join(full, path)).sort()) {
      const below = path === "" ? name : `${path}/${name}`;
      const file = join(full, below);
      if (lstatSync(file).isSymbolicLink() && !isInside(file, full)) {
        throw new ProgramError(
          `expected a folder without links that lead out of it or to folders, got ${source}/${below}`,
        );
      }
      if (statSync(file).isDirectory()) visit(below);
      else found.push(below);
      if (found.length > maxFiles) {
        throw new ProgramError(`expected a folder of at most ${maxFiles} files, got ${source}`);
      }
    }
  };
  visit("");
  if (found.length === 0) throw new ProgramError(`expected a folder with files, got ${source}`);
  return found;
}

/** Whether a link points to a file in the folder. Links to folders could form a cycle. */
function isInside(link: string, folder: string): boolean {
  if (!existsSync(link) || !statSync(link).isFile()) return false;
  return realpathSync(link).startsWith(realpathSync(folder) + sep);
}

/**
 * Reads a file of the project.
 * @throws ProgramError if it does not exist, or if a link leads out of the project.
 */
export function readProjectFile(path: string, folder = "."): string {
  const full = join(folder, path);
  if (!existsSync(full) || !statSync(full).isFile()) {
    throw new ProgramError(`expected a file that exists, got ${path}`);
  }
  refuseOutside(path, folder);
  return readFileSync(full, "utf8");
}

function refuseOutside(path: string, folder: string): void {
  const problem = insideProblem(path, ".", folder);
  if (problem !== undefined) {
    throw new ProgramError(
      `expected a path inside the project, got ${path}, a link that leads out of it`,
    );
  }
}

/** Returns the SHA-256 of text or bytes, hexadecimal. */
export function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** Returns the checksums of the files below a folder, by path. */
export function checksumsBelow(source: string, folder = "."): Record<string, string> {
  return Object.fromEntries(
    filesBelow(source, folder).map((path) => [
      path,
      sha256(readFileSync(join(folder, source, path))),
    ]),
  );
}
