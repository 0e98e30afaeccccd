import { setImmediate as nextTurn } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import * as debuggable from "@pulumi/pulumi/runtime/debuggable";
import * as state from "@pulumi/pulumi/runtime/state";

/** Exported by the SDK, though not in its types. */
const { waitForRPCs } = pulumi.runtime as unknown as { waitForRPCs(): Promise<void> };
const { leakedPromises } = debuggable as unknown as { leakedPromises(): void };
/** The same; the candidates are the promises of the SDK that have not ended. */
const { getStore } = state as unknown as { getStore(): { leakCandidates: Set<unknown> } };

/** Turns of the event loop without a change, after which nothing more happens. A recording of a stack takes two. */
const quietTurns = 20;

/**
 * Runs a program until nothing is left to register. The SDK does not await registrations, nor what they are made of:
 * their errors are unhandled rejections, which would otherwise end the process after the program seems to have
 * succeeded.
 * @throws the first error of the program, of an output or of a registration.
 */
export async function runToEnd<Result>(run: () => Promise<Result>): Promise<Result> {
  let fail: (error: unknown) => void = () => undefined;
  // Rejects with the first error; later ones are without effect.
  const failed = new Promise<never>((_resolve, reject) => (fail = reject));
  // Other listeners, such as those of a test runner, would take the errors for their own.
  const others = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", fail);
  try {
    // An output that depends on a failed registration never resolves.
    const result = await Promise.race([run(), failed]);
    await Promise.race([waitForRPCs(), failed]);
    // Unhandled rejections are reported before the next turn of the event loop.
    await Promise.race([nextTurn(), failed]);
    return result;
  } catch (error) {
    await waitUntilQuiet();
    // The SDK would report them when the process ends, as if they were mistakes of the command.
    leakedPromises();
    throw error;
  } finally {
    process.off("unhandledRejection", fail);
    for (const listener of others) process.on("unhandledRejection", listener);
  }
}

/**
 * Waits until the SDK does nothing more after an error: its other errors must not reach the next program, and
 * registrations that depend on a failed one never end.
 */
async function waitUntilQuiet(): Promise<void> {
  const waiting = () => getStore().leakCandidates.size;
  for (let turn = 0, before = waiting(); turn < quietTurns; turn++) {
    await nextTurn();
    if (waiting() === before) continue;
    before = waiting();
    turn = 0;
  }
}
