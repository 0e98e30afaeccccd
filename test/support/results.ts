import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { stripVTControlCharacters } from "node:util";

/** Result of a command. */
export interface Ended {
  /** Exit code; null after a signal. */
  code: number | null;
  /** Output of both streams. */
  output: string;
}

/** Result of a command whose output is parsed. */
export interface Printed extends Ended {
  /** Without warnings of the engine or a backend's library. */
  stdout: string;
}

/** Where and with what a command runs. */
export interface Surroundings {
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Standard input. Default: none. */
  input?: string;
}

/** Runs a command until it ends, and returns its result, whatever it is. */
export async function runCommand(
  command: string,
  args: string[],
  { input = "", ...options }: Surroundings,
): Promise<Printed> {
  const child = spawn(command, args, options);
  // A command may have ended before its input is written.
  child.stdin.on("error", () => undefined).end(input);
  let [output, stdout] = ["", ""];
  for (const stream of [child.stdout, child.stderr]) {
    // A character of several bytes can arrive in two pieces.
    stream.setEncoding("utf8").on("data", (data: string) => (output += data));
  }
  child.stdout.on("data", (data: string) => (stdout += data));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, output: stripVTControlCharacters(output), stdout };
}

/**
 * Returns the output of a command.
 * @throws Error if it failed.
 */
export function succeeded({ code, output }: Ended): string {
  if (code !== 0) throw new Error(`ended with ${code}:\n${output}`);
  return output;
}

/**
 * Returns the output of a command that failed for the expected reason.
 * @param patterns of its output; all must match, so that another failure is not taken for the expected one.
 * @throws AssertionError with the whole output if it succeeded, or if a pattern does not match.
 */
export function failedWith({ code, output }: Ended, ...patterns: [RegExp, ...RegExp[]]): string {
  if (code === 0) assert.fail(`expected a failure with ${patterns.join(", ")}, got:\n${output}`);
  for (const pattern of patterns) {
    assert.match(output, pattern, `expected ${pattern}, got exit code ${code} with:\n${output}`);
  }
  return output;
}

/** Returns a result with single spaces between the words of its output: the engine wraps long lines. */
export function unwrapped<Result extends Ended>(result: Result): Result {
  return { ...result, output: result.output.replace(/\s+/g, " ") };
}
