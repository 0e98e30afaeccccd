/** A value as JSON holds it. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Everything that defines a release's pods; compared, never looked into. */
export type Template = { [key: string]: Json };

/** `1.4.2`, or `1.4.2-r2` for a second release of the same version. */
export type ReleaseKey = string;

/** What a check found of a canary. Only `pass` counts, and only for the release that it names. */
export interface CheckEvidence {
  verdict: "pass" | "fail" | "inconclusive";
  /** UTC, ISO 8601. */
  at: string;
  release: ReleaseKey;
  /** Requests that the check saw. */
  samples: number;
}

/** A release that the config names. */
export interface DesiredRelease {
  version: string;
  /** 1 unless the version is released again with another configuration. */
  revision: number;
  check?: CheckEvidence;
}

/** Why a rule is set aside, and by whom. */
export interface Override {
  reason: string;
  by: string;
}

/** No release changes until then. */
export interface Freeze {
  /** What is frozen, for example `app shop` or `every app`. */
  scope: string;
  until: string;
  reason: string;
}

/** What the config asks for. */
export interface DesiredApp {
  name: string;
  stable: DesiredRelease;
  /** The release under trial and its share of the requests, percent. */
  canary?: DesiredRelease & { weight: number };
  /** What a release that is new in this update is made from. */
  template: Template;
  override?: Override;
  freezes: Freeze[];
  noRollbackBelow?: string;
}

/** What an environment asks of a release. */
export interface ReleasePolicy {
  /** Whether a version must have been canary before it is stable. */
  forcedCanary: boolean;
  /** How long it must have been canary, seconds. */
  soak: number;
  /** Whether it needs a passing check as well. */
  checkRequired: boolean;
  /** Former stable releases that keep running. */
  retain: number;
  /** What a second release during a canary does. */
  secondRelease: "supersede" | "refuse";
}

/** One live release as the last update left it. */
export interface RecordedRelease {
  version: string;
  revision: number;
  /** As it was when the release was first deployed. */
  template: Template;
  /** Since when it has been canary without a break; nothing when it was never, or is not now. */
  canarySince?: string;
}

/** A promotion, a rollback or a rule set aside. */
export interface HistoryEntry {
  at: string;
  kind: "first" | "adopt" | "promote" | "rollback" | "jump" | "override";
  from?: ReleaseKey;
  to: ReleaseKey;
  by?: string;
  reason?: string;
}

/** What the last successful update recorded of an app. */
export interface AppRecord {
  schema: 1;
  stable: ReleaseKey;
  canary?: { key: ReleaseKey; weight: number };
  /** Former stable releases that still run, the latest first. */
  retained: ReleaseKey[];
  releases: Record<ReleaseKey, RecordedRelease>;
  /** The template that the config had, whichever releases were made from it. */
  configTemplate: Template;
  /** The latest first. */
  history: HistoryEntry[];
}

/** What a release is for. */
export type Role = "stable" | "canary" | "retained";

/** One release that runs after the update. */
export interface PlannedRelease {
  key: ReleaseKey;
  /** Name of its objects. */
  name: string;
  version: string;
  role: Role;
  template: Template;
  /** Share of the requests, percent. */
  weight: number;
}

/** One thing that the update does, for a person. */
export interface Step {
  kind:
    | "first"
    | "adopt"
    | "deploy"
    | "update-in-place"
    | "start-canary"
    | "weight"
    | "supersede"
    | "abort"
    | "promote"
    | "rollback"
    | "jump"
    | "retire"
    | "override"
    | "notice";
  text: string;
}

/** A legal update. */
export interface Plan {
  kind: "plan";
  releases: PlannedRelease[];
  steps: Step[];
  /** What to record when the update has succeeded. */
  next: AppRecord;
}

/** A rule that the config breaks. */
export interface Refusal {
  rule:
    | "canary-before-stable"
    | "one-canary"
    | "release-is-immutable"
    | "frozen"
    | "no-rollback-below"
    | "names-clash"
    | "canary-is-stable"
    | "weight";
  app: string;
  /** What was asked, what is live, and why that is not legal. */
  message: string;
  /** What to do. */
  remedy: string;
}

/** An update that is not legal; every broken rule at once. */
export interface Refused {
  kind: "refused";
  refusals: Refusal[];
}
