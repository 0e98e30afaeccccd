import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** Output of each process so far: two words may arrive at once, and the second is waited for later. */
const outputs = new WeakMap<ChildProcess, { text: string }>();

/**
 * Waits at most a minute until a process has written a word since it was first waited for.
 * @throws Error with its output otherwise.
 */
export async function outputHas(child: ChildProcess, word: string): Promise<void> {
  const output = outputs.get(child) ?? collect(child);
  for (let tries = 0; tries < 1200 && !output.text.includes(word); tries++) await sleep(50);
  if (!output.text.includes(word)) throw new Error(`expected "${word}", got: ${output.text}`);
}

function collect(child: ChildProcess): { text: string } {
  const output = { text: "" };
  outputs.set(child, output);
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (data: Buffer) => (output.text += data.toString()));
  }
  return output;
}

/** The process that `unshare --fork` started. */
export function firstChild({ pid = 0 }: ChildProcess): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim());
}
