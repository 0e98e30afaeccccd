import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ScriptRun } from "./bootstrap";

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
  const { env, exitCode } = process;
  const [stdout, stderr] = [captured(process.stdout), captured(process.stderr)];
  try {
    for (const each of modulesOf(file)) cpSync(join("components", each), join(folder, each));
    process.env = { PATH: env["PATH"], ...variables };
    process.exitCode = undefined;
    await import(pathToFileURL(join(folder, file)).href);
    return { code: Number(process.exitCode ?? 0), stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    process.env = env;
    process.exitCode = exitCode;
    stdout.release();
    stderr.release();
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

/** Keeps what is written to a stream until it is released. */
function captured(stream: NodeJS.WriteStream): { text: () => string; release: () => void } {
  const { write } = stream;
  let text = "";
  stream.write = (chunk: Uint8Array | string) => {
    text += chunk.toString();
    return true;
  };
  return { text: () => text, release: () => void (stream.write = write) };
}
