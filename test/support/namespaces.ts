import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Waits at most 10 s until a process has written a word.
 * @throws Error with its output otherwise.
 */
export async function outputHas(child: ChildProcess, word: string): Promise<void> {
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (data: Buffer) => (output += data.toString()));
  }
  for (let tries = 0; tries < 200 && !output.includes(word); tries++) await sleep(50);
  if (!output.includes(word)) throw new Error(`expected "${word}", got: ${output}`);
}

/** The process that `unshare --fork` started. */
export function firstChild({ pid = 0 }: ChildProcess): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim());
}
