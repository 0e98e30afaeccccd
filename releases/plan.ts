import { instant } from "./clock";
import type { Before } from "./change";
import { inverseOf, type Inverse } from "./inverse";
import type { NamespaceMove } from "./move";
import { releaseName } from "./names";
import { nextRecord } from "./next-record";
import { noticesOf, type Notice } from "./notices";
import { describedRelease, recordedTemplate, type AppRecord } from "./record";
import { refuse, type Refusal } from "./refusal";
import { relianceOf, type Reliance } from "./reliance";
import { applyOverride, brokenRules } from "./rules";
import { situationOf } from "./situation";
import { stepsOf, type Step } from "./steps";
import { withTakenImage } from "./takeover";
import type { Template } from "./template";
import type { DesiredApp, ReleasePolicy } from "./types";
import type { ReleaseId, ReleaseKey } from "./version";
import { split, type Weight, type Weights } from "./weight";

/** The role of a release. */
export type Role = "stable" | "canary" | "retained";

/** One release that runs after the update. */
export interface PlannedRelease extends Required<ReleaseId> {
  key: ReleaseKey;
  /** Name of its objects. */
  name: string;
  role: Role;
  /** Digest of its image, if it is pinned. */
  digest?: string;
  /** Template of its pods, from its first deployment. */
  template: Template;
  /** Its share of the requests. */
  weight: Weight;
}

/** An update that the rules allow. */
export interface Plan {
  kind: "plan";
  /** All releases that run after the update: stable, canary, then the kept ones. */
  releases: PlannedRelease[];
  stable: ReleaseKey;
  canary?: ReleaseKey;
  /** Shares of the two Services. */
  weights: Weights;
  /** Names of the releases that the two Services select; without a canary both select stable. */
  services: { stable: string; canary: string };
  /** Releases that stop. */
  retired: ReleaseKey[];
  steps: Step[];
  notices: Notice[];
  /** Releases whose migration runs before their first pod starts. */
  migrating: ReleaseKey[];
  /** Change of the app's namespace; undefined if it does not change. */
  move?: NamespaceMove;
  /** Whether requests move immediately, without waiting for the pods that they need. */
  now: boolean;
  /** What relies on a passing check of the canary; undefined if nothing does. */
  relies?: Reliance;
  /** What to record after the update has succeeded. */
  next: AppRecord;
  inverse: Inverse;
}

/**
 * Decides whether the config's request for an app's releases is allowed, and what the update does. Pure: the same
 * arguments give the same result, and planning what is recorded changes nothing.
 * @param previous the record of the last successful update; undefined before the first.
 * @param asked the config's request.
 * @param now a date or ISO 8601 text.
 * @param liveStable key of the release that the stable Service in the cluster selects, if there is no record.
 * Without it, the app counts as new.
 * @throws RangeError if `now` is not a time.
 */
export function plan(
  previous: AppRecord | undefined,
  asked: DesiredApp,
  now: Date | string,
  policy: ReleasePolicy,
  liveStable?: ReleaseKey,
): Plan | Refusal {
  const before = whatRuns(previous, liveStable);
  const desired = previous === undefined ? withTakenImage(asked) : asked;
  const situation = situationOf(before, desired, instant(now), policy);
  const { overridden, enforced } = applyOverride(situation, brokenRules(situation));
  if (enforced.length > 0) return refuse(situation, enforced);
  const next = nextRecord(situation, overridden);
  const relies = relianceOf(situation, overridden, next);
  return {
    kind: "plan",
    ...rolesOf(next, desired.name),
    retired: situation.retired,
    migrating: situation.migrating,
    ...(situation.move && { move: situation.move }),
    steps: stepsOf(situation, overridden),
    notices: noticesOf(situation, overridden.length > 0),
    now: desired.stable.now === true,
    ...(relies && { relies }),
    next,
    inverse: inverseOf(situation),
  };
}

function whatRuns(record: AppRecord | undefined, liveStable: ReleaseKey | undefined): Before {
  if (record !== undefined) return { kind: "recorded", record };
  return liveStable === undefined ? { kind: "nothing" } : { kind: "lost", liveStable };
}

/** Returns the releases that run according to a record: stable, canary, then the kept releases. */
export function runningReleases(record: AppRecord, app: string): PlannedRelease[] {
  const { stable, canary, retained } = record;
  const weights = split(canary?.weight ?? 0);
  return [
    plannedRelease(record, app, stable, "stable", weights.stable),
    ...(canary === undefined
      ? []
      : [plannedRelease(record, app, canary.key, "canary", weights.canary)]),
    ...retained.map((key) => plannedRelease(record, app, key, "retained", 0)),
  ];
}

function rolesOf(
  record: AppRecord,
  app: string,
): Pick<Plan, "releases" | "stable" | "canary" | "weights" | "services"> {
  const { stable, canary } = record;
  return {
    releases: runningReleases(record, app),
    stable,
    canary: canary?.key,
    weights: split(canary?.weight ?? 0),
    services: {
      stable: releaseName(app, stable),
      canary: releaseName(app, canary?.key ?? stable),
    },
  };
}

function plannedRelease(
  record: AppRecord,
  app: string,
  key: ReleaseKey,
  role: Role,
  weight: Weight,
): PlannedRelease {
  const { version, revision, digest, template: hash } = describedRelease(record, key);
  const template = recordedTemplate(record, hash);
  const pinned = digest === undefined ? {} : { digest };
  return { key, name: releaseName(app, key), version, revision, ...pinned, role, template, weight };
}
