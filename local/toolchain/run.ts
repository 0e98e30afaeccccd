import { spawn, type SpawnOptions } from "node:child_process";

/** A command that failed, with its exit code and output. */
export class CommandFailed extends Error {
  constructor(
    readonly command: string,
    readonly output: string,
    status: string,
  ) {
    super(`${command} ended with ${status}:\n${output.split("\n").slice(-20).join("\n")}`);
  }
}

/**
 * Runs a command and returns its output.
 * @throws CommandFailed with the last lines if its exit code is not 0.
 */
export function run(command: string, args: string[], options: SpawnOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    let errors = "";
    child.stdout?.on("data", (data: Buffer) => (output += data.toString()));
    child.stderr?.on("data", (data: Buffer) => (errors += data.toString()));
    child.on("error", (error) => reject(error));
    child.on("close", (code, signal) => {
      if (code === 0) resolve(output);
      else reject(new CommandFailed(command, output + errors, signal ?? `code ${code}`));
    });
  });
}
