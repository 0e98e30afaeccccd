import type { AppRecord, CanaryEvent, HistoryEntry } from "./record";

/** What one update did to the releases of an app. */
export interface Transition {
  kind: "first" | "canary" | "weight" | "end" | "promote" | "rollback" | "override" | "freeze";
  /** UTC, ISO 8601. */
  at: string;
  /** Release that it is about; undefined for a freeze. */
  release?: string;
  /** Stable release before. */
  from?: string;
  /** Share of the canary, percent. */
  weight?: number;
  by?: string;
  reason?: string;
  /** What is frozen, and until when. */
  scope?: string;
  until?: string;
}

const historyKinds: Record<HistoryEntry["kind"], Transition["kind"]> = {
  first: "first",
  adopt: "first",
  promote: "promote",
  jump: "promote",
  rollback: "rollback",
  override: "override",
  policy: "override",
};

const canaryKinds: Record<CanaryEvent["kind"], Transition["kind"]> = {
  start: "canary",
  weigh: "weight",
  end: "end",
};

/** Returns what happened between two records of an app, the earliest first. */
export function transitions(before: AppRecord | undefined, after: AppRecord): Transition[] {
  const history = since(before?.history ?? [], after.history).flatMap(ofHistory);
  const canaries = since(before?.canaries ?? [], after.canaries ?? []).map(
    ({ at, kind, release, weight }): Transition => ({
      at,
      kind: canaryKinds[kind],
      release,
      ...(weight === undefined ? {} : { weight }),
    }),
  );
  const known = new Set((before?.guard?.freezes ?? []).map(({ scope, until }) => scope + until));
  const freezes = (after.guard?.freezes ?? [])
    .filter(({ scope, until }) => !known.has(scope + until))
    .map((freeze): Transition => ({ kind: "freeze", at: after.changedAt, ...freeze }));
  return [...history, ...canaries, ...freezes].sort((a, b) =>
    a.at < b.at ? -1 : a.at > b.at ? 1 : 0,
  );
}

/** A change of the stable role that overrode rules is two transitions. */
function ofHistory({ at, kind, from, to, by, reason }: HistoryEntry): Transition[] {
  const role: Transition = { at, kind: historyKinds[kind], release: to, ...(from && { from }) };
  if (by === undefined) return [role];
  const override: Transition = { at, kind: "override", release: to, by, reason };
  return role.kind === "override" ? [override] : [override, role];
}

function since<Entry>(before: Entry[], after: Entry[]): Entry[] {
  const known = new Set(before.map((entry) => JSON.stringify(entry)));
  return after.filter((entry) => !known.has(JSON.stringify(entry)));
}
