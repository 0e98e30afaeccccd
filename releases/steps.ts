import type { Finding } from "./refusal";
import { lostAddressText, type NamespaceMove } from "./move";
import { changedBy, pathsText } from "./texts";
import { proofOf } from "./proof";
import { newReleases } from "./rules/required-stack";
import type { Situation } from "./situation";
import type { ReleaseKey } from "./version";
import type { Weight } from "./weight";

/** A step of the update: its kind and its subject. */
type StepKind =
  | { kind: "proven"; release: ReleaseKey; stack: string; reason: string }
  | { kind: "override"; rule: string; by: string; reason: string; message: string }
  | { kind: "migrate"; release: ReleaseKey; contract?: string }
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
  | ({ kind: "move" } & NamespaceMove)
  | { kind: "nothing" };

/** One thing that the update does, with a sentence for people. */
export type Step = StepKind & { text: string };

/** Returns what an update does, in the order in which it happens. */
export function stepsOf(situation: Situation, overridden: readonly Finding[]): Step[] {
  const steps = [
    ...overrides(situation, overridden),
    ...proofs(situation),
    ...migrations(situation),
    ...(situation.move ? [{ kind: "move", ...situation.move } as const] : []),
    ...deployments(situation),
    ...stableStep(situation),
    ...canaryStep(situation),
    ...situation.retired.map((release): StepKind => ({ kind: "retire", release })),
  ];
  const all: StepKind[] = steps.length === 0 ? [{ kind: "nothing" }] : steps;
  const work = situation.desired.sharesPods === true ? "work" : "requests";
  return all.map((step) => ({ ...step, text: textOf(step, work) }));
}

function overrides(
  { desired: { override } }: Situation,
  overridden: readonly Finding[],
): StepKind[] {
  if (override === undefined) return [];
  const { by, reason } = override;
  return overridden.map(({ rule, message }) => ({ kind: "override", rule, by, reason, message }));
}

/** Returns where the versions that are new here were tried, if the policy requires it. */
function proofs(situation: Situation): StepKind[] {
  const { policy, desired } = situation;
  const proof = desired.proofs?.find(({ stack }) => stack === policy.requires);
  if (proof === undefined) return [];
  return newReleases(situation).flatMap((release): StepKind[] => {
    const proven = proofOf(proof, release);
    if (proven === undefined) return [];
    const { stack } = proof;
    return [{ kind: "proven", release: proven.key, stack, reason: proven.reason }];
  });
}

function migrations({ migrating, desired: { migration } }: Situation): StepKind[] {
  return migrating.map((release) => ({ kind: "migrate", release, ...migration }));
}

function deployments({ change, template }: Situation): StepKind[] {
  // An adopted release already runs.
  const added = change.added.filter(
    (key) => change.stable.kind !== "adopt" || key !== change.stableKey,
  );
  const changed = template.kind === "in-place" ? template : { keys: [], paths: [] };
  return [
    ...added.map((release): StepKind => ({ kind: "deploy", release })),
    ...changed.keys.map((release): StepKind => {
      return { kind: "update-in-place", release, paths: changed.paths };
    }),
  ];
}

function stableStep({ change: { stable, stableKey: release } }: Situation): StepKind[] {
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

function canaryStep({ change: { canary } }: Situation): StepKind[] {
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

function textOf(step: StepKind, work: string): string {
  switch (step.kind) {
    case "override":
      return `${step.by} overrides ${step.rule} (${step.message}): ${step.reason}`;
    case "proven":
      return `${step.release} ${step.reason} in ${step.stack}`;
    case "migrate":
      return `run the migration of ${step.release}, once, before its first pod starts${step.contract === undefined ? "" : `; from then on no version below ${step.contract} may take ${work}`}`;
    case "deploy":
      return `deploy ${step.release}`;
    case "update-in-place":
      return changedBy(step.paths) === "jobs"
        ? `change the jobs of ${step.release}, not its pods: ${pathsText(step.paths)} changed`
        : `replace the pods of ${step.release}: ${pathsText(step.paths)} changed`;
    case "first-deployment":
      return `${step.release} is the first stable release`;
    case "adopt":
      return `the record is lost; ${step.release}, which the cluster runs as stable, is recorded again`;
    case "promote":
      return `promote ${step.release}: it is stable in place of ${step.from}`;
    case "rollback":
      return `roll back to ${step.release} from ${step.from}`;
    case "jump":
      return `${step.release} is stable in place of ${step.from}, without having been a canary`;
    case "start-canary":
      return `${step.release} is the canary at ${step.weight}%`;
    case "weight":
      return `weight of canary ${step.release}: ${step.from}% → ${step.weight}%`;
    case "supersede":
      return `${step.release} is the canary at ${step.weight}%, in place of ${step.former}`;
    case "abort":
      return `${step.release} is no longer the canary; stable takes all ${work}`;
    case "move":
      return [
        `move from namespace ${step.from} to ${step.to}: ${moveText(work)}, then the former objects are deleted`,
        lostAddressText(step),
      ]
        .filter((text) => text !== undefined)
        .join("; ");
    case "retire":
      return `retire ${step.release}`;
    case "nothing":
      return "nothing changes";
  }
}

/** Returns what happens to an app's releases in the new namespace before the former objects are deleted. */
function moveText(work: string): string {
  return work === "requests"
    ? "every release is deployed there with the pods that its requests need, then requests go there"
    : "every release is deployed there with all of its pods, which work next to the former ones at first";
}
