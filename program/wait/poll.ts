import * as pulumi from "@pulumi/pulumi";
import { setTimeout as sleep } from "node:timers/promises";
import { NoAnswer } from "../../cluster/reader";

const intervalMilliseconds = 500;

/** Whether there is anything to wait for: a preview changes nothing, and a run without an engine has no cluster. */
export function updating(): boolean {
  return !pulumi.runtime.isDryRun() && pulumi.runtime.hasEngine();
}

/**
 * Looks again and again until nothing is missing; an API server that is started again is waited for.
 * @param look says what is missing; empty when nothing is.
 * @param seconds how long, at most.
 * @returns what is still missing then.
 */
export async function stillMissing(
  look: () => Promise<string[]>,
  seconds: number,
): Promise<string[]> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const missing = await answered(look);
    if (missing.length === 0 || Date.now() > deadline) return missing;
    await sleep(intervalMilliseconds);
  }
}

async function answered(look: () => Promise<string[]>): Promise<string[]> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof NoAnswer) return [error.message];
    throw error;
  }
}
