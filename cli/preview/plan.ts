import { createHash } from "node:crypto";
import type { HandChange } from "./by-hand";
import { canonical } from "../../releases/template";
import { changedLeaves, type Leaf } from "./leaves";
import { unknownMark } from "./masks";
import { pausedReplicas } from "../../program/worker-pods";
import type { Preview } from "./events";
import type { Operation, Step } from "./steps";
import type { AppTraffic } from "./traffic";

/** One step of a plan: what happens to a resource, and in which fields. */
export interface PlanStep {
  op: Operation;
  urn: string;
  leaves: Leaf[];
}

/**
 * What an update would do, in a normal form: sorted, secrets masked, unknown values equal. A reviewer approves
 * this.
 */
export interface NormalPlan {
  stack: string;
  /** UID of the cluster. The same changes in another cluster are another plan. */
  cluster: string | undefined;
  steps: PlanStep[];
  /**
   * Changes of `scaling.min` and `scaling.rest` of apps; omitted if there are none. The minimum of a release's
   * autoscaler follows the load and the time, so it is not part of the steps.
   */
  scaling?: Leaf[];
  /** What was changed by hand when the plan was made; omitted if nothing was. */
  byHand?: HandChange[];
}

/** The fields of an app that a plan needs. */
type PlannedApp = Pick<AppTraffic, "app" | "releases" | "minimumPods">;

/**
 * Returns the plan of a preview.
 * @param cluster UID of the previewed cluster.
 */
export function normalPlan(
  stack: string,
  { steps, byHand }: Preview,
  cluster: string | undefined,
  apps: readonly PlannedApp[] = [],
): NormalPlan {
  const normal = steps.flatMap((step) => {
    const all = leavesOf(step);
    const leaves = all.filter((leaf) => !isFloor(step, leaf, apps));
    // An update that only waits for an object that was not ready, or only moves an autoscaler's floor.
    const nothing = leaves.length === 0 && (leaves.length < all.length || step.unready);
    return nothing && step.op === "update" ? [] : [{ op: step.op, urn: step.urn, leaves }];
  });
  const scaling = apps.flatMap(scalingOf);
  return {
    stack,
    cluster,
    steps: normal.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)),
    ...(scaling.length === 0 ? {} : { scaling }),
    ...(byHand.length === 0 ? {} : { byHand }),
  };
}

/** Returns the SHA-256 of the plan, 64 hexadecimal digits. */
export function planHash(plan: NormalPlan): string {
  return createHash("sha256").update(canonical(plan)).digest("hex");
}

/** Returns how a plan differs from the approved one, a line for each step that differs. */
export function planDifference(approved: NormalPlan, present: NormalPlan): string[] {
  const before = new Map(approved.steps.map((step) => [keyOf(step), step]));
  const after = new Map(present.steps.map((step) => [keyOf(step), step]));
  return [
    ...versionLine("stack", approved.stack, present.stack),
    ...versionLine("cluster", approved.cluster, present.cluster),
    ...[...before].flatMap(([key, step]) =>
      after.has(key) ? [] : [`- ${key}`, ...linesOf(step.leaves, "-")],
    ),
    ...[...after].flatMap(([key, step]) => {
      const former = before.get(key);
      if (former === undefined) return [`+ ${key}`, ...linesOf(step.leaves, "+")];
      const gone = former.leaves.filter((leaf) => !includes(step.leaves, leaf));
      const come = step.leaves.filter((leaf) => !includes(former.leaves, leaf));
      return gone.length + come.length === 0
        ? []
        : [`~ ${key}`, ...linesOf(gone, "-"), ...linesOf(come, "+")];
    }),
    ...linesOf(without(approved.scaling, present.scaling), "-"),
    ...linesOf(without(present.scaling, approved.scaling), "+"),
  ];
}

/** Returns a plan as lines: each step with its changed fields. */
export function planLines({ steps, scaling = [] }: NormalPlan): string[] {
  return [
    ...steps.flatMap((step) => [`+ ${keyOf(step)}`, ...linesOf(step.leaves, "+")]),
    ...linesOf(scaling, "+"),
  ];
}

/** Returns a value for people, on one line. */
function valueText(value: unknown): string {
  if (value === undefined) return "(none)";
  const json = JSON.stringify(value);
  return typeof value === "string" && json === `"${value}"` && value.trim() !== "" ? value : json;
}

/** Returns a changed field for people: `path: old → new`. */
export function leafText({ path, before, after }: Leaf): string {
  return `${path}: ${valueText(before)} → ${valueText(after)}`;
}

function leavesOf(step: Step): Leaf[] {
  const leaves = changedLeaves(step);
  if (step.op === "delete") return [];
  return leaves
    .map((leaf) => (isGeneratedName(step, leaf) ? { ...leaf, after: unknownMark } : leaf))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * Whether a leaf is the minimum of a release's autoscaler, or the number of a worker's canary, which follow the current
 * load.
 */
export function isFloor(
  { kind, name, parent }: Step,
  { path }: Pick<Leaf, "path">,
  apps: readonly Pick<AppTraffic, "releases">[],
): boolean {
  const isLeast =
    (kind === "HorizontalPodAutoscaler" && path === "spec.minReplicas") ||
    (kind === "ScaledObject" && path === "spec.minReplicaCount") ||
    (kind === "ScaledObject" && path.startsWith("metadata.") && path.includes(pausedReplicas));
  const isOfRelease =
    parent?.startsWith("Release ") === true || apps.some(({ releases }) => releases.includes(name));
  return isLeast && isOfRelease;
}

function scalingOf({ app, minimumPods }: PlannedApp): Leaf[] {
  if (minimumPods === undefined) return [];
  return (["min", "rest"] as const).flatMap((key) => {
    const [before, after] = [minimumPods.before?.[key], minimumPods.after[key]];
    return before === after ? [] : [{ path: `${app} scaling.${key}`, before, after }];
  });
}

/** Whether the plugin generates a new name in each preview. */
function isGeneratedName({ op, after }: Step, { path }: Leaf): boolean {
  const { annotations } = (after?.metadata ?? {}) as { annotations?: Record<string, unknown> };
  return (
    op !== "update" && path === "metadata.name" && annotations?.["pulumi.com/autonamed"] === "true"
  );
}

function keyOf({ op, urn }: Pick<PlanStep, "op" | "urn">): string {
  return `${op} ${urn.split("::").slice(2).join(" ")}`;
}

function includes(leaves: readonly Leaf[], leaf: Leaf): boolean {
  return leaves.some((other) => canonical(other) === canonical(leaf));
}

function without(leaves: readonly Leaf[] = [], others: readonly Leaf[] = []): Leaf[] {
  return leaves.filter((leaf) => !includes(others, leaf));
}

function linesOf(leaves: readonly Leaf[], mark: string): string[] {
  return leaves.map((leaf) => `    ${mark} ${leafText(leaf)}`);
}

function versionLine(
  what: string,
  before: string | undefined,
  after: string | undefined,
): string[] {
  return before === after ? [] : [`~ ${what}: ${valueText(before)} → ${valueText(after)}`];
}
