import { hostname } from "node:os";
import { isHolder } from "./holder";

/** Who holds a stack's lock, as a backend without a service of its own tells it. */
const holder = /created by (.+)@(\S+) \(pid (\d+)\) at (\S+)/g;

/** How a backend with a service tells that an update is under way. */
const conflict = /another update is currently in progress/i;

/**
 * Why a stack is locked and what to do, out of what the engine printed; nothing when it is not.
 * A lock is never taken away here: only a person knows that its holder on another machine is gone.
 */
export function lockText(
  stack: string,
  output: string,
  isRunning: (process: number, since: Date) => boolean = isHolder,
): string | undefined {
  const release = `pulumi cancel --yes --stack ${stack}, and then: npm run recover -- ${stack}`;
  const holders = [...output.matchAll(holder)].map(([, user, host, process, since = ""]) => {
    const who = `locked by ${user}@${host} (process ${process}) since ${since}`;
    if (host !== hostname()) {
      return `${who}; wait for it, or if it is known to have ended there, let go of the lock with: ${release}`;
    }
    return isRunning(Number(process), new Date(since))
      ? `${who}, which still runs on this machine; wait for it`
      : `${who}, which no longer runs; let go of the stale lock with: ${release}`;
  });
  if (holders.length > 0) return holders.join("\n");
  return conflict.test(output)
    ? `another update of it is under way; wait for it, or if it is known to have ended, let go of it with: ${release}`
    : undefined;
}
