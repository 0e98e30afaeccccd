import semver from "semver";
import type { Change } from "./change";
import { keyOf, releaseName } from "./names";
import { soakAndCheck } from "./soak";
import { differences, same } from "./template";
import type { AppRecord, DesiredApp, Refusal, ReleasePolicy } from "./types";

/** What the rules look at. */
export interface Situation {
  previous: AppRecord | undefined;
  desired: DesiredApp;
  change: Change;
  /** UTC, milliseconds. */
  now: number;
  policy: ReleasePolicy;
  /** Release that the cluster's stable Service selects, where the record is missing. */
  liveStable?: string;
}

type Rule = (situation: Situation) => Omit<Refusal, "app">[];

/** Rules that a written reason may set aside, in an emergency. */
export const overridable: readonly Refusal["rule"][] = [
  "canary-before-stable",
  "frozen",
  "no-rollback-below",
];

/** Every rule that the change breaks. */
export function brokenRules(situation: Situation): Refusal[] {
  const app = situation.desired.name;
  return rules.flatMap((rule) => rule(situation)).map((refusal) => ({ ...refusal, app }));
}

const canaryIsStable: Rule = ({ change: { stableKey, canaryKey } }) =>
  stableKey !== canaryKey
    ? []
    : [
        {
          rule: "canary-is-stable",
          message: `release ${stableKey} is asked for as stable and as canary`,
          remedy: "name another version as canary, or remove the canary to finish a promotion",
        },
      ];

const weight: Rule = ({ desired: { canary } }) =>
  canary === undefined ||
  (Number.isInteger(canary.weight) && canary.weight >= 0 && canary.weight <= 100)
    ? []
    : [
        {
          rule: "weight",
          message: `a weight of ${canary.weight} is asked for`,
          remedy: "give a whole number from 0 to 100",
        },
      ];

const canaryBeforeStable: Rule = (situation) => {
  const { change, policy, liveStable } = situation;
  const { stable, stableKey } = change;
  if (!policy.forcedCanary) return [];
  const never = (live: string) => [
    {
      rule: "canary-before-stable" as const,
      message: `${stableKey} is asked for as stable while ${live} is, and it has never been canary here`,
      remedy: `set canary: { version: ${stableKey}, weight: … } first, and promote it after its soak time; in an emergency add override: { reason, by }`,
    },
  ];
  switch (stable.kind) {
    case "promote":
      return soakAndCheck(situation);
    case "jump":
      return never(stable.from);
    case "adopt":
      return liveStable === stableKey || liveStable === undefined ? [] : never(liveStable);
    default:
      return [];
  }
};

const oneCanary: Rule = ({ change: { canary, canaryKey }, policy }) =>
  canary.kind !== "supersede" || policy.secondRelease === "supersede"
    ? []
    : [
        {
          rule: "one-canary",
          message: `${canaryKey} is asked for as canary while ${canary.former} is`,
          remedy: `promote ${canary.former} or remove it first; or set platform:releases.secondRelease to supersede`,
        },
      ];

const immutableRelease: Rule = ({ previous, desired, change, policy }) => {
  if (previous === undefined || !policy.forcedCanary || change.added.length > 0) return [];
  if (same(desired.template, previous.configTemplate)) return [];
  const named = [change.stableKey, change.canaryKey].flatMap((key) =>
    key === undefined ? [] : (previous.releases[key] ?? []),
  );
  // Going back to what a live release was made from changes nothing that runs.
  if (named.some(({ template }) => same(template, desired.template))) return [];
  const paths = differences(previous.configTemplate, desired.template);
  return [
    {
      rule: "release-is-immutable",
      message: `${paths.join(", ")} would change pods of a release that is live already`,
      remedy: `release the change as a canary: a new version, or the same one with revision: ${highestRevision(previous) + 1}`,
    },
  ];
};

function highestRevision({ releases }: AppRecord): number {
  return Math.max(...Object.values(releases).map(({ revision }) => revision));
}

const frozen: Rule = ({ desired, change, now }) => {
  if (!raisesRisk(change)) return [];
  return desired.freezes
    .filter(({ until }) => Date.parse(until) > now)
    .map(({ scope, until, reason }) => ({
      rule: "frozen" as const,
      message: `${scope} is frozen until ${until}: ${reason}`,
      remedy: `wait, or remove the freeze (npm run release -- unfreeze ${desired.name}); rolling back and taking a canary away stay allowed`,
    }));
};

/** Going back to a kept release, less canary and no canary are always safer than what is. */
function raisesRisk({ stable, canary }: Change): boolean {
  if (["promote", "jump"].includes(stable.kind)) return true;
  if (canary.kind === "weight") return canary.to > canary.from;
  return canary.kind === "start" || canary.kind === "supersede";
}

const noRollbackBelow: Rule = ({ desired }) => {
  const floor = desired.noRollbackBelow;
  if (floor === undefined) return [];
  const wanted = [desired.stable, ...(desired.canary === undefined ? [] : [desired.canary])];
  return wanted.flatMap((release) => {
    const key = keyOf(release);
    const [version, lowest] = [semver.coerce(release.version), semver.coerce(floor)];
    if (version === null || lowest === null) {
      return [
        {
          rule: "no-rollback-below" as const,
          message: `${key} cannot be compared with ${floor}: one of them holds no version number`,
          remedy: "use versions such as 1.4.2, or remove noRollbackBelow",
        },
      ];
    }
    if (semver.gte(version, lowest)) return [];
    return [
      {
        rule: "no-rollback-below" as const,
        message: `${key} is asked for, nothing below ${floor} may run any more`,
        remedy: `stay at ${floor} or above; its migration cannot be undone by a release`,
      },
    ];
  });
};

const namesClash: Rule = ({ previous, desired, change }) => {
  const keys = new Set([...Object.keys(previous?.releases ?? {}), ...change.added]);
  const owners = new Map<string, string>();
  return [...keys].flatMap((key) => {
    const name = releaseName(desired.name, key);
    const owner = owners.get(name);
    owners.set(name, key);
    if (owner === undefined) return [];
    return [
      {
        rule: "names-clash" as const,
        message: `releases ${owner} and ${key} would both be named ${name}`,
        remedy: "choose a version that differs in more than its punctuation",
      },
    ];
  });
};

const rules: readonly Rule[] = [
  canaryIsStable,
  weight,
  canaryBeforeStable,
  oneCanary,
  immutableRelease,
  frozen,
  noRollbackBelow,
  namesClash,
];
