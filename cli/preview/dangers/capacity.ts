import { words } from "../markdown";
import { titleOf } from "../steps";
import type { Danger, Situation } from "./danger";
import { at, changes, textOf, updates, type Updated } from "./fields";

/** Fewer pods at the least or at the most, in the middle of whatever load there is. */
export function capacity(situation: Situation): Danger[] {
  return [
    ...updates(situation).flatMap(fewer),
    ...updates(situation, "PodDisruptionBudget").flatMap(budgets),
    ...updates(situation, "Deployment", "StatefulSet", "DaemonSet").flatMap(atUpdates),
  ];
}

const fields: [path: string, what: string][] = [
  ["minReplicas", "keeps fewer pods"],
  ["minReplicaCount", "keeps fewer pods"],
  ["replicas", "keeps fewer pods"],
  ["maxReplicas", "may make fewer pods"],
  ["maxReplicaCount", "may make fewer pods"],
];

const defaults: Record<string, number> = { minReplicaCount: 0 };

function fewer({ step, before, after }: Updated): Danger[] {
  return fields.flatMap(([field, what]) => {
    const [old, now] = [at(before, "spec", field), at(after, "spec", field)];
    if (old === undefined && now === undefined) return [];
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
    const what = "lets more pods be taken away at once";
    return changes("capacity", update, what, ["spec", field]);
  });
}

/** How many pods are away while an update goes on. */
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
    ...(isMore ? changes("capacity", update, "is updated with more pods away at once", most) : []),
    ...changes("capacity", update, "is updated otherwise", [...path, "type"]),
  ];
}

function share(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" && value.endsWith("%") ? Number(value.slice(0, -1)) : undefined;
}

/** A field that is not there has its default: one pod, except where it is said otherwise. */
function number(value: unknown, standard = 1): number {
  return typeof value === "number" ? value : standard;
}
