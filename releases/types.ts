import type { CheckRules } from "./check-rules";
import type { Schedules } from "./schedules";
import type { Template } from "./template";
import type { ReleaseId, ReleaseKey } from "./version";

/**
 * The result of a check of a canary. Only `pass` allows a promotion, only for the release that it names, and only if
 * the check was made after the end of that release's soak time and after its share last rose. Everybody who
 * may edit the config can write one, so commands with a network repeat it: see `reliance.ts`.
 */
export interface CheckEvidence {
  verdict: "pass" | "fail" | "inconclusive";
  /** When it was made: UTC, ISO 8601. */
  at: string;
  /** Key of the release that was checked. */
  release: string;
  /** Number of requests that the check counted. */
  samples: number;
  /** Hash of the rules that the check used. Older programs wrote none. */
  rules?: string;
}

/** A release that the config names for a role. */
export interface DesiredRelease extends ReleaseId {
  /** Digest of its image. Default: the recorded digest, if the release is live. */
  digest?: string;
  check?: CheckEvidence;
  /** Whether requests move to stable releases immediately, without waiting for the pods that they need. */
  now?: boolean;
}

/** Why a rule is overridden, and by whom. An override is valid for one change. */
export interface Override {
  reason: string;
  by: string;
}

/** Until it ends, nothing changes what runs or which release gets requests, except going back. */
export interface Freeze {
  /** What is frozen: `every app`, `team commerce`, `app shop`. */
  scope: string;
  /** UTC, ISO 8601. */
  until: string;
  reason: string;
}

/** A release of another stack that counts as tried. */
export interface ProvenRelease {
  key: ReleaseKey;
  /** Digest of its image, if that stack names one. */
  digest?: string;
  /** Why it counts, as a clause: `was stable until 2026-11-21T08:00:00.000Z`. */
  reason: string;
}

/** What another stack proves about an app's versions. */
export interface Proof {
  /** `<organization>/<project>/<stack>`. */
  stack: string;
  releases: readonly ProvenRelease[];
  /** Why the stack's record could not be read. In that case, nothing is proven. */
  unreadable?: string;
}

/** The policy that protects stable, as it was in force during an update. */
export interface Guard {
  /** Whether a release must have been a canary before it is stable. */
  forcedCanary: boolean;
  /** How long it must have been a canary without interruption, seconds. */
  soak: number;
  /** Whether it also needs a passing check. */
  checkRequired: boolean;
  /** How long a check counts, seconds. Default: without limit. */
  checkValid?: number;
  /** Minimum number of requests in a check. Default 0. */
  minimumSamples?: number;
  /** The rules of a check. Records of older programs do not have them. */
  check?: CheckRules;
  /** Stack in which a version must have been stable, or have passed its check, before it runs here. */
  requires?: string;
}

/** The part of the policy that a record keeps: a change that weakens the policy is checked against the former one. */
export interface RecordedGuard extends Guard {
  /** The reason for which it last became weaker. */
  weaker?: Override;
  /** Freezes in the config. */
  freezes: Freeze[];
}

/** A migration that ran. */
export interface RecordedMigration {
  version: string;
  at: string;
  /** Oldest version that works since then. Default: every version. */
  contract?: string;
}

/** The stable release of another app whose addresses move to an app. */
export interface TakenRelease {
  /** Name of the other app. */
  app: string;
  stable: ReleaseKey;
  /** Digest of its image, if it is pinned. */
  digest?: string;
  /** Template of its pods. Undefined if only the cluster shows the release, and nothing is recorded about it. */
  template?: Template;
  /** The policy in force for the other app. Records of older programs do not have it. */
  guard?: RecordedGuard;
  /** Versions whose migration the other app ran, the latest first. */
  migrated?: readonly RecordedMigration[];
  /** Oldest version that may get a role, according to the last update of the other app. */
  noRollbackBelow?: string;
  /** Override that the last update of the other app used, if its config still had it. */
  usedOverride?: Override;
}

/** The config's request for an app's releases. */
export interface DesiredApp {
  name: string;
  /** Namespace of its objects. Undefined only in tests of the rules. */
  namespace?: string;
  /** Apps that call it without the gateway, as `<team>/<app>`. Only needed if it moves to another namespace. */
  callers?: readonly string[];
  stable: DesiredRelease;
  /** The canary. Its weight is its share of the requests, whole percent. */
  canary?: DesiredRelease & { weight: number };
  /** Template of a release that is new in this update. */
  template: Template;
  /** Whether shares are shares of pods, as for a worker, and not of requests. */
  sharesPods?: boolean;
  /** Schedules of its jobs. */
  schedules?: Schedules;
  override?: Override;
  /** Freezes that apply to this app. */
  freezes: readonly Freeze[];
  /** Oldest version that may get a role, because a migration has changed what older versions need. */
  noRollbackBelow?: string;
  /** What a release that is new in this update runs before its first pod starts, once for each version. */
  migration?: {
    /** Oldest version that works afterwards. Default: every version. */
    contract?: string;
  };
  /** Stable releases of the apps whose addresses it takes over. Without a record, its release must be the same. */
  takesOver?: readonly TakenRelease[];
  /** Addresses that it gives to another app or takes from one, a clause each: `www.example.com goes from a to b`. */
  exchanges?: readonly string[];
  /** What the stacks that the policy requires prove; undefined if it requires none. */
  proofs?: readonly Proof[];
}

/** The release policy of an environment. */
export interface ReleasePolicy extends Guard {
  /** Why the policy is weaker than that of the last update, and who decided it. */
  weaker?: Override;
  /** Former stable releases that keep running for an instant rollback, at least 0. Default 1. */
  retain?: number;
  /** Whether a second release replaces a canary or is refused. */
  secondRelease: "supersede" | "refuse";
}

/** Default number of former stable releases that are kept: enough to undo the last promotion. */
export const defaultRetain = 1;
