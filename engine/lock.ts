import { hostname } from "node:os";
import { isHolder } from "./holder";

/** Holder of a stack's lock, as a backend without a service reports it. */
const holder = /created by (.+)@(\S+) \(pid (\d+)\) at (\S+)/g;

/** Message of a backend with a service while another update is running. */
const conflict = /another update is currently in progress/i;

/**
 * Returns why a stack is locked and what to do, from the engine's output; undefined if it is not locked. It never
 * removes a lock: only a person knows that its holder on another machine is gone.
 */
export function lockText(
  stack: string,
  output: string,
  isRunning: (process: number, since: Date) => boolean = isHolder,
): string | undefined {
  const release = `pulumi cancel --yes --stack ${stack}, and then: npx platform recover ${stack}`;
  const holders = [...output.matchAll(holder)].map(([, user, host, process, since = ""]) => {
    const who = `locked by ${user}@${host} (process ${process}) since ${since}`;
    if (host !== hostname()) {
      return `${who}; wait for it, or if it is known to have ended there, release the lock with: ${release}`;
    }
    return isRunning(Number(process), new Date(since))
      ? `${who}, which still runs on this machine; wait for it`
      : `${who}, which no longer runs; release the stale lock with: ${release}`;
  });
  if (holders.length > 0) return holders.join("\n");
  return conflict.test(output)
    ? `another update of it is running; wait for it, or if it is known to have ended, release it with: ${release}`
    : undefined;
}
