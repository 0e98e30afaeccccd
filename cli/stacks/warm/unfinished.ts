import { setTimeout as sleep } from "node:timers/promises";

/** Milliseconds for connections to close. */
const closing = 2_000;

/** Timers, requests and connections that keep this process from ending, by kind. */
export type Active = Map<string, number>;

/** Returns what keeps this process from ending. */
export function active(): Active {
  const counts: Active = new Map();
  for (const kind of process.getActiveResourcesInfo())
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

/**
 * Waits until nothing that the program started keeps this process running. A process with a single program would also
 * run until then, and what the program declares in the meantime counts.
 * @returns the kinds of timers, requests and connections that are left after a while; an empty list if none are.
 */
export async function waitUntilSettled(before: Active): Promise<string[]> {
  for (const end = Date.now() + closing; ;) {
    // A timer of this loop would count itself.
    const left = [...active()].filter(([kind, count]) => count > (before.get(kind) ?? 0));
    if (left.length === 0 || Date.now() > end) return left.map(([kind]) => kind);
    await sleep(5, undefined, { ref: false });
  }
}
