import { lookup } from "../../../config";
import { at } from "../../../config/fields";
import { words } from "../markdown";
import { isFloor } from "../plan";
import { titleOf, type Step } from "../steps";
import type { AppTraffic, MinimumPods } from "../traffic";
import type { Danger, Situation } from "./danger";
import { changes, textOf, updates, type Updated } from "./fields";

/** A lower minimum or maximum of pods, regardless of the present load. */
export function capacity(situation: Situation): Danger[] {
  return [
    ...updates(situation).flatMap((update) => fewer(update, situation)),
    ...situation.traffic.flatMap(fewerPods),
    ...updates(situation, "PodDisruptionBudget").flatMap(budgets),
    ...updates(situation, "Deployment", "StatefulSet", "DaemonSet").flatMap(atUpdates),
  ];
}

const fields: [path: string, what: string][] = [
  ["minReplicas", "keeps fewer pods"],
  ["minReplicaCount", "keeps fewer pods"],
  ["replicas", "keeps fewer pods"],
  ["maxReplicas", "may run fewer pods"],
  ["maxReplicaCount", "may run fewer pods"],
];

const defaults: Record<string, number> = { minReplicaCount: 0 };

/**
 * Returns lower minimum numbers of pods in an app's config. The minimum of its autoscalers also follows the
 * load.
 */
function fewerPods({ app, minimumPods }: AppTraffic): Danger[] {
  const { before, after } = minimumPods ?? {};
  const rest = (of: MinimumPods | undefined) => of?.rest ?? of?.min;
  return [
    ["scaling.min", before?.min, after?.min] as const,
    ["scaling.rest", rest(before), rest(after)] as const,
    ["scaling.replicas", before?.replicas, after?.replicas] as const,
  ].flatMap(([key, from, to]): Danger[] => {
    // Without `rest`, it equals `min`, and is reported once.
    if (from === undefined || to === undefined || to >= from) return [];
    if (key === "scaling.rest" && from === before?.min && to === after?.min) return [];
    const text = words`${app} keeps fewer pods: ${key} falls from ${from} to ${to}.`;
    return [{ kind: "capacity", text }];
  });
}

/** Whether a release of a worker gets the pods of its share, which its table and its steps show. */
function isShare({ name }: Step, field: string, now: unknown, { traffic }: Situation): boolean {
  return field === "replicas" && traffic.some((app) => lookup(app.workerPods, name) === now);
}

/** Whether the minimum of an autoscaler, before and after, is known from an app's config. */
function hasKnownFloor(step: Step, field: string, { traffic }: Situation): boolean {
  const known = traffic.filter(({ minimumPods }) => minimumPods?.before?.min !== undefined);
  const isKnown = known.some(({ releases }) => releases.includes(step.name));
  return isKnown && isFloor(step, { path: `spec.${field}` }, known);
}

function fewer({ step, before, after }: Updated, situation: Situation): Danger[] {
  return fields.flatMap(([field, what]) => {
    const [old, now] = [at(before, "spec", field), at(after, "spec", field)];
    if (old === undefined && now === undefined) return [];
    if (hasKnownFloor(step, field, situation)) return [];
    if (step.kind === "Deployment" && now !== undefined && isShare(step, field, now, situation)) {
      return [];
    }
    const [from, to] = [number(old, defaults[field]), number(now, defaults[field])];
    // A Deployment without a number leaves it to its autoscaler.
    if (field === "replicas" && now === undefined && from === 1) return [];
    if (to >= from) return [];
    const text =
      words`${titleOf(step)} ` +
      what +
      words`: ${`spec.${field}`} falls from ${textOf(old)} to ${textOf(now)}.`;
    return [{ kind: "capacity", text }];
  });
}

function budgets(update: Updated): Danger[] {
  const { before, after } = update;
  return ["minAvailable", "maxUnavailable"].flatMap((field): Danger[] => {
    const [old, now] = [at(before, "spec", field), at(after, "spec", field)];
    if (old === now) return [];
    const [from, to] = [share(old), share(now)];
    const isSafe =
      from !== undefined &&
      to !== undefined &&
      typeof old === typeof now &&
      (field === "minAvailable" ? to >= from : to <= from);
    if (isSafe) return [];
    const what = "lets more pods be evicted at the same time";
    return changes("capacity", update, what, ["spec", field]);
  });
}

/** Returns changes in how many pods may be unavailable during an update. */
function atUpdates(update: Updated): Danger[] {
  const { step, before, after } = update;
  const path = ["spec", step.kind === "Deployment" ? "strategy" : "updateStrategy"];
  const most = [...path, "rollingUpdate", "maxUnavailable"];
  const [old, now] = [at(before, ...most), at(after, ...most)];
  const [from, to] = [share(old), share(now)];
  const isMore =
    old !== now &&
    (from === undefined || to === undefined || typeof old !== typeof now || to > from);
  return [
    ...(isMore
      ? changes("capacity", update, "is updated with more pods unavailable at the same time", most)
      : []),
    ...changes("capacity", update, "is updated differently", [...path, "type"]),
  ];
}

function share(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" && value.endsWith("%") ? Number(value.slice(0, -1)) : undefined;
}

/** Returns the value of a field, or its default, which is one pod in most cases. */
function number(value: unknown, standard = 1): number {
  return typeof value === "number" ? value : standard;
}
