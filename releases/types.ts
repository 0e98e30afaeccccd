import type { CheckRules } from "./check-rules";
import type { Schedules } from "./schedules";
import type { Template } from "./template";
import type { ReleaseId, ReleaseKey } from "./version";

/**
 * What a check found of a canary. Only `pass` counts, only for the release that it names, and only
 * when it was made after that release's soak time.
 */
export interface CheckEvidence {
  verdict: "pass" | "fail" | "inconclusive";
  /** When it was made: UTC, ISO 8601. */
  at: string;
  /** Key of the release that was checked. */
  release: string;
  /** Requests that the check saw. */
  samples: number;
  /** Hash of the rules that it was judged by; older programs wrote none. */
  rules?: string;
}

/** A release that the config names for a role. */
export interface DesiredRelease extends ReleaseId {
  /** Digest of its image; that of the record without it, where the release is live. */
  digest?: string;
  check?: CheckEvidence;
  /** Whether requests go to stable releases at once, without waiting for the pods that they need. */
  now?: boolean;
}

/** Why a rule is set aside, and by whom. One override serves one change. */
export interface Override {
  reason: string;
  by: string;
}

/** Until then nothing changes what runs or who gets the requests, other than going back. */
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
  /** Digest of its image, where that stack names one. */
  digest?: string;
  /** Why it counts, as a clause: `was stable until 2026-11-21T08:00:00.000Z`. */
  reason: string;
}

/** What another stack has proven of an app's versions. */
export interface Proof {
  /** `<organization>/<project>/<stack>`. */
  stack: string;
  releases: readonly ProvenRelease[];
  /** Why the stack's record could not be read; then nothing is proven. */
  unreadable?: string;
}

/** What the config asks of an app's releases. */
export interface DesiredApp {
  name: string;
  /** Namespace of its objects; unknown to tests of the rules alone. */
  namespace?: string;
  /** Apps that call it past the gateway, as `<team>/<app>`; asked for only where it moves to another namespace. */
  callers?: readonly string[];
  stable: DesiredRelease;
  /** The release under trial; its weight is its share of the requests, whole percent. */
  canary?: DesiredRelease & { weight: number };
  /** What a release that is new in this update is made from. */
  template: Template;
  /** Whether shares are shares of its pods, as a worker's are, and not of requests. */
  sharesPods?: boolean;
  /** When its jobs run. */
  schedules?: Schedules;
  override?: Override;
  /** Those that apply to this app. */
  freezes: readonly Freeze[];
  /** Lowest version that may take a role, since a migration that older ones cannot live with. */
  noRollbackBelow?: string;
  /** What a release that is new in this update runs before its first pod starts, once for a version. */
  migration?: {
    /** Oldest version that works afterwards; every one without it. */
    contract?: string;
  };
  /** What the stacks that the policy requires have proven; nothing where it requires none. */
  proofs?: readonly Proof[];
}

/** What an environment asks of releases. */
export interface ReleasePolicy {
  /** Whether a release must have been canary before it is stable. */
  forcedCanary: boolean;
  /** How long it must have been canary without a break, seconds. */
  soak: number;
  /** Whether it needs a passing check as well. */
  checkRequired: boolean;
  /** Seconds for which a check counts; for ever without it. */
  checkValid?: number;
  /** Minimum number of requests in a check. Default 0. */
  minimumSamples?: number;
  /** What a check judges by. */
  check?: CheckRules;
  /** Stack in which a version must have been stable, or have passed its check, before it runs here. */
  requires?: string;
  /** Why the policy is weaker than the last update's, and who decided it. */
  weaker?: Override;
  /** Former stable releases that keep running for an instant rollback, at least 0. Default 1. */
  retain?: number;
  /** Whether a second release takes the place of a canary or is refused. */
  secondRelease: "supersede" | "refuse";
}

/** Former stable releases kept where the policy does not say: enough to undo the last promotion. */
export const defaultRetain = 1;
