import * as pulumi from "@pulumi/pulumi";
import { setTimeout as sleep } from "node:timers/promises";
import { hasEngine } from "../../cluster/engine";
import { NoAnswer } from "../../cluster/reader";

const intervalMilliseconds = 500;

/**
 * Whether there is anything to wait for: a preview changes nothing, and a run without an engine has no cluster.
 */
export function isUpdating(): boolean {
  return !pulumi.runtime.isDryRun() && hasEngine();
}

/**
 * Polls until nothing is missing, even if the API server restarts in the meantime.
 * @param look returns what is missing; an empty list ends the wait.
 * @param seconds timeout.
 * @returns what is still missing at the end.
 */
export async function pollUntilPresent(
  look: () => Promise<string[]>,
  seconds: number,
): Promise<string[]> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const missing = await lookOrReport(look);
    if (missing.length === 0 || Date.now() > deadline) return missing;
    await sleep(intervalMilliseconds);
  }
}

async function lookOrReport(look: () => Promise<string[]>): Promise<string[]> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof NoAnswer) return [error.message];
    throw error;
  }
}
