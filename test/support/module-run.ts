import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { capture, type ScriptRun } from "./captured";

/**
 * Runs a script of ES modules in this process, with only the given variables and PATH in its environment. It is loaded
 * from a copy, so that each run has modules of its own.
 * @param file its path under `components/`.
 */
export async function runModule(
  file: string,
  variables: Record<string, string>,
): Promise<ScriptRun> {
  const folder = mkdtempSync(join(tmpdir(), "module-"));
  const { env } = process;
  try {
    for (const each of modulesOf(file)) cpSync(join("components", each), join(folder, each));
    process.env = { PATH: env["PATH"], ...variables };
    return await capture(() => import(pathToFileURL(join(folder, file)).href));
  } finally {
    process.env = env;
    rmSync(folder, { recursive: true });
  }
}

/** Returns a module and all files that it imports, directly or indirectly, as paths under `components/`. */
function modulesOf(file: string, found = new Set<string>()): Set<string> {
  if (found.has(file)) return found;
  found.add(file);
  const source = readFileSync(join("components", file), "utf8");
  for (const [, imported = ""] of source.matchAll(/ from "(\.[^"]+)"/g)) {
    modulesOf(join(dirname(file), imported), found);
  }
  return found;
}
