import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** Number of output lines of a failed command in its error. */
const ERROR_LINES = 30;

/** Options of the docker commands of one operation. */
export interface DockerOptions {
  env: NodeJS.ProcessEnv;
  /** Strings that are replaced by "[secret]" in all output. */
  secrets: readonly string[];
  signal: AbortSignal;
  /** Called with each line of output in real time. */
  onLine?: (line: string) => void;
  /** Standard input of the command. */
  input?: string;
}

/** The docker command is not installed. */
export class DockerMissing extends Error {}

/** Runs `docker` with `args` and returns its standard output; an error contains the end of all its output. */
export function docker(args: readonly string[], options: DockerOptions): Promise<string> {
  const { env, secrets, signal, onLine, input } = options;
  const child = spawn("docker", args, { env, signal, stdio: "pipe" });
  const stdout: string[] = [];
  const all: string[] = [];
  const take = (line: string) => {
    const shown = hide(line, secrets);
    all.push(shown);
    onLine?.(shown);
  };
  createInterface(child.stderr).on("line", take);
  createInterface(child.stdout).on("line", (line) => {
    stdout.push(line);
    take(line);
  });
  // A command may end without reading its input; its exit code decides.
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        error.code === "ENOENT" ? new DockerMissing("there is no docker command on PATH") : error,
      ),
    );
    child.once("close", (code) => {
      if (code === 0) return resolve(stdout.join("\n").trim());
      const end = all.slice(-ERROR_LINES).join("\n");
      reject(new Error(`"docker ${args[0]}" failed (exit code ${code}):\n${end}`));
    });
  });
}

/** Replaces every secret in `line`. */
export function hide(line: string, secrets: readonly string[]): string {
  // The longest first, so that a secret which contains another one is replaced completely.
  return [...secrets]
    .sort((a, b) => b.length - a.length)
    .reduce((shown, secret) => shown.replaceAll(secret, "[secret]"), line);
}
