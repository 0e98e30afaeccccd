import Module, { createRequire } from "node:module";
import { join } from "node:path";
import { checkout } from "../../../local/toolchain/paths";

/** What a program exports. */
export type Program = () => Promise<Record<string, unknown>>;

/** Loads the project's program before an engine asks for it. An error is reported by the run that needs it. */
export function preload(): void {
  try {
    load(checkout, "index.ts");
  } catch {
    // Node.js keeps no module that failed to load, so the run fails with the same error.
  }
}

/** Returns the program in a file. It is loaded once for all stacks. */
export function load(folder: string, file: string): Program {
  return createRequire(__filename)(join(folder, file)) as Program;
}

/**
 * Saves the code that Node.js has compiled for the next process. Node.js would do this at exit, but a signal
 * ends this process.
 */
export function saveCompiledCode(): void {
  (Module as { flushCompileCache?: () => void }).flushCompileCache?.();
}
