import { span } from "../../config/durations";
import type { FleetApp, FleetRelease } from "../fleet/apps";
import type { GroupState } from "../fleet/groups";
import { age, canaryOf } from "../fleet/query";

/** States of an app, for filters and colors; the worst first. */
export const states = {
  failed: "check failed",
  drift: "cluster differs",
  half: "group half-done",
  pending: "not applied yet",
  frozen: "frozen",
  canary: "with a canary",
  unknown: "not recorded",
} as const;

/** One of {@link states}. */
export type State = keyof typeof states;

/** Differences of the cluster from the record of an app, a sentence each; undefined if it was not checked. */
export type Drift = string[] | undefined;

/** Returns all states of an app. */
export function statesOf(app: FleetApp, drift: Drift, groups: GroupState[] = []): State[] {
  const holds: Record<State, boolean> = {
    failed: canaryOf(app)?.check?.verdict === "fail",
    drift: (drift ?? []).length > 0,
    half: groups.some(({ kind }) => kind === "half"),
    pending: app.pending.length > 0,
    frozen: app.freezes.length > 0,
    canary: canaryOf(app) !== undefined,
    unknown: app.source === "file",
  };
  return (Object.keys(states) as State[]).filter((state) => holds[state]);
}

/** Returns how long a canary must still soak before it may be promoted; undefined if that is unknown. */
export function soakText(app: FleetApp, now: Date): string | undefined {
  const since = canaryOf(app)?.since;
  if (since === undefined) return undefined;
  const left = app.soak - age(since, now);
  return left > 0 ? `soak ${span(left)} left` : "soaked";
}

/** Returns the result of a check with its age, for example `pass, 4211 requests`. */
export function checkText({ check }: FleetRelease, now: Date): string {
  if (check === undefined) return "no check";
  // The check of a worker counts no requests.
  const seen = check.samples === 0 ? "" : ` ${check.samples} requests,`;
  return `${check.verdict},${seen} ${span(age(check.at, now))} ago`;
}
