import type { Finding } from "./refusal";
import { pathsText } from "./texts";
import { proofOf } from "./proof";
import { newReleases } from "./rules/required-stack";
import type { Situation } from "./situation";
import type { ReleaseKey } from "./version";
import type { Weight } from "./weight";

/** One thing that the update does. */
type Deed =
  | { kind: "proven"; release: ReleaseKey; stack: string; reason: string }
  | { kind: "override"; rule: string; by: string; reason: string; message: string }
  | { kind: "deploy"; release: ReleaseKey }
  | { kind: "update-in-place"; release: ReleaseKey; paths: string[] }
  | { kind: "first-deployment"; release: ReleaseKey }
  | { kind: "adopt"; release: ReleaseKey }
  | { kind: "promote" | "rollback" | "jump"; release: ReleaseKey; from: ReleaseKey }
  | { kind: "start-canary"; release: ReleaseKey; weight: Weight }
  | { kind: "weight"; release: ReleaseKey; from: Weight; weight: Weight }
  | { kind: "supersede"; release: ReleaseKey; former: ReleaseKey; weight: Weight }
  | { kind: "abort"; release: ReleaseKey }
  | { kind: "retire"; release: ReleaseKey }
  | { kind: "nothing" };

/** One thing that the update does, with a sentence for a person. */
export type Step = Deed & { text: string };

/** What an update does, in the order in which it happens. */
export function stepsOf(situation: Situation, setAside: readonly Finding[]): Step[] {
  const deeds = [
    ...overrides(situation, setAside),
    ...proofs(situation),
    ...deployments(situation),
    ...stableDeed(situation),
    ...canaryDeed(situation),
    ...situation.retired.map((release): Deed => ({ kind: "retire", release })),
  ];
  const all: Deed[] = deeds.length === 0 ? [{ kind: "nothing" }] : deeds;
  return all.map((deed) => ({ ...deed, text: textOf(deed) }));
}

function overrides({ desired: { override } }: Situation, setAside: readonly Finding[]): Deed[] {
  if (override === undefined) return [];
  const { by, reason } = override;
  return setAside.map(({ rule, message }) => ({ kind: "override", rule, by, reason, message }));
}

/** Where the versions that are new here were tried, where the policy asks for it. */
function proofs(situation: Situation): Deed[] {
  const { policy, desired } = situation;
  const proof = desired.proofs?.find(({ stack }) => stack === policy.requires);
  if (proof === undefined) return [];
  return newReleases(situation).flatMap((release): Deed[] => {
    const proven = proofOf(proof, release);
    if (proven === undefined) return [];
    const { stack } = proof;
    return [{ kind: "proven", release: proven.key, stack, reason: proven.reason }];
  });
}

function deployments({ change, template }: Situation): Deed[] {
  // What is adopted runs already.
  const added = change.added.filter(
    (key) => change.stable.kind !== "adopt" || key !== change.stableKey,
  );
  const changed = template.kind === "in-place" ? template : { keys: [], paths: [] };
  return [
    ...added.map((release): Deed => ({ kind: "deploy", release })),
    ...changed.keys.map((release): Deed => {
      return { kind: "update-in-place", release, paths: changed.paths };
    }),
  ];
}

function stableDeed({ change: { stable, stableKey: release } }: Situation): Deed[] {
  switch (stable.kind) {
    case "stay":
      return [];
    case "first":
      return [{ kind: "first-deployment", release }];
    case "adopt":
      return [{ kind: "adopt", release }];
    default:
      return [{ kind: stable.kind, release, from: stable.from }];
  }
}

function canaryDeed({ change: { canary } }: Situation): Deed[] {
  switch (canary.kind) {
    case "none":
    case "keep":
      return [];
    case "start":
      return [{ kind: "start-canary", release: canary.key, weight: canary.weight }];
    case "weigh": {
      const { key: release, from, weight } = canary;
      return [{ kind: "weight", release, from, weight }];
    }
    case "supersede": {
      const { key: release, former, weight } = canary;
      return [{ kind: "supersede", release, former, weight }];
    }
    case "abort":
      return [{ kind: "abort", release: canary.former }];
  }
}

function textOf(deed: Deed): string {
  switch (deed.kind) {
    case "override":
      return `${deed.by} sets ${deed.rule} aside (${deed.message}): ${deed.reason}`;
    case "proven":
      return `${deed.release} ${deed.reason} in ${deed.stack}`;
    case "deploy":
      return `deploy ${deed.release}`;
    case "update-in-place":
      return `replace the pods of ${deed.release}: ${pathsText(deed.paths)} changed`;
    case "first-deployment":
      return `${deed.release} is the first stable release`;
    case "adopt":
      return `the record is lost; ${deed.release}, which the cluster runs as stable, is recorded again`;
    case "promote":
      return `promote ${deed.release}: it is stable in the place of ${deed.from}`;
    case "rollback":
      return `roll back to ${deed.release} from ${deed.from}`;
    case "jump":
      return `${deed.release} is stable in the place of ${deed.from}, without having been canary`;
    case "start-canary":
      return `${deed.release} is canary at ${deed.weight}%`;
    case "weight":
      return `weight of canary ${deed.release}: ${deed.from}% → ${deed.weight}%`;
    case "supersede":
      return `${deed.release} is canary at ${deed.weight}%, in the place of ${deed.former}`;
    case "abort":
      return `${deed.release} is no longer canary; stable takes all requests`;
    case "retire":
      return `retire ${deed.release}`;
    case "nothing":
      return "nothing changes";
  }
}
