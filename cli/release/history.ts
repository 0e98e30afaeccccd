import type { AppRecord } from "../../releases";

/** What happened to a canary, as a word. */
const canaryEvents = { start: "start", weigh: "weight", end: "end" };

/** Returns the history of an app's releases, the latest first, one line each. */
export function historyLines(record: AppRecord | undefined): string[] {
  const roles = (record?.history ?? []).map(({ at, kind, from, to, by, reason }) => {
    const move = from === undefined ? to : `${from} → ${to}`;
    return {
      at,
      line: `${at}  ${kind}  ${move}${by === undefined ? "" : `  by ${by}: ${reason}`}`,
    };
  });
  const canaries = (record?.canaries ?? []).map(({ at, kind, release, weight }) => ({
    at,
    line: `${at}  canary ${canaryEvents[kind]}  ${release}${weight === undefined ? "" : ` at ${weight}%`}`,
  }));
  // Changes of the stable role in one update keep their order.
  return [...roles, ...canaries]
    .sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0))
    .map(({ line }) => line);
}
