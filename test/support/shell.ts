import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { ScriptRun } from "./bootstrap";

/**
 * Runs a shell script of the project as a container would, with nothing but the variables given.
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

/** Puts a program into the place of another one: a shell script with the body given. */
export function standIn(file: string, body: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${body}\n`);
  chmodSync(file, 0o755);
}

/** Writes a file that was last changed some time ago. */
export function oldFile(file: string, content: string, ago: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  execFileSync("touch", ["-d", `${ago} ago`, file]);
}
