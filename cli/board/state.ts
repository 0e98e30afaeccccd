import { span } from "../../releases";
import type { FleetApp, FleetRelease } from "../fleet/apps";
import type { GroupState } from "../fleet/groups";
import { age, canaryOf } from "../fleet/query";

/** How an app stands, for filters and colours; the worst first. */
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

/** What the cluster runs of an app: sentences where it is not as recorded, none where it is. */
export type Drift = string[] | undefined;

/** Everything that holds of an app. */
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

/** How long a canary still rests before it may be promoted; nothing where that is not known. */
export function soakText(app: FleetApp, now: Date): string | undefined {
  const since = canaryOf(app)?.since;
  if (since === undefined) return undefined;
  const left = app.soak - age(since, now);
  return left > 0 ? `soak ${span(left)} left` : "soaked";
}

/** `pass, 4211 requests`, with how old the check is. */
export function checkText({ check }: FleetRelease, now: Date): string {
  if (check === undefined) return "no check";
  // That of a worker sees no requests.
  const seen = check.samples === 0 ? "" : ` ${check.samples} requests,`;
  return `${check.verdict},${seen} ${span(age(check.at, now))} ago`;
}
