import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** How much of a failed command's output its error repeats, in lines. */
const ERROR_LINES = 30;

/** How docker is called throughout one operation. */
export interface DockerOptions {
  env: NodeJS.ProcessEnv;
  /** Texts that are replaced by "[secret]" in all output. */
  secrets: readonly string[];
  signal: AbortSignal;
  /** Takes each line of output as it comes. */
  onLine?: (line: string) => void;
  /** Written to the command's standard input. */
  input?: string;
}

/** The docker command is not there at all. */
export class DockerMissing extends Error {}

/** Runs `docker` with `args` and gives its standard output; fails with the end of all its output. */
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
  // A command that ends without reading its input is judged by its exit code.
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

/** `line` with every secret in it replaced. */
export function hide(line: string, secrets: readonly string[]): string {
  // The longest first, so that a secret which is part of another leaves nothing of it behind.
  return [...secrets]
    .sort((a, b) => b.length - a.length)
    .reduce((shown, secret) => shown.replaceAll(secret, "[secret]"), line);
}
