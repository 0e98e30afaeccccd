import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { ScriptRun } from "./captured";

/**
 * Runs a shell script of the project like a container, with only the given variables.
 * @param under a program that runs the shell, for example with fewer rights.
 */
export function runShell(
  file: string,
  variables: Record<string, string>,
  args: string[] = [],
  under: string[] = [],
): ScriptRun {
  const [command = "sh", ...words] = [...under, "sh", join("components", file), ...args];
  const { status, stdout, stderr } = spawnSync(command, words, {
    env: { PATH: process.env["PATH"], ...variables },
    encoding: "utf8",
  });
  return { code: status, stdout, stderr };
}

/** Replaces a program by a shell script with the given body. */
export function standIn(file: string, body: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${body}\n`);
  chmodSync(file, 0o755);
}

/** Writes a file with an old modification time. */
export function oldFile(file: string, content: string, ago: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  execFileSync("touch", ["-d", `${ago} ago`, file]);
}
