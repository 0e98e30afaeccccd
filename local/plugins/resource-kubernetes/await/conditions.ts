import type { KubernetesObject } from "../objects";

/** Progress of an object towards readiness. */
export type Progress =
  { state: "ready" } | { state: "waiting"; message: string } | { state: "failed"; message: string };

/** Evaluates the readiness of an object. */
export type Judge = (object: KubernetesObject) => Progress;

/** An entry of `status.conditions`. */
export interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
}

export const ready: Progress = { state: "ready" };

export function waiting(message: string): Progress {
  return { state: "waiting", message };
}

/** Returns a condition of an object by its type. */
export function condition(object: KubernetesObject, type: string): Condition | undefined {
  const conditions = (object.status?.conditions ?? []) as Condition[];
  return conditions.find((entry) => entry.type === type);
}

/** Returns a number in an object's status; 0 if it is missing. */
export function count(object: KubernetesObject, field: string): number {
  const value = object.status?.[field];
  return typeof value === "number" ? value : 0;
}

/** Whether the controller has seen the latest generation of the object. */
export function observed(object: KubernetesObject): boolean {
  return count(object, "observedGeneration") >= (object.metadata.generation ?? 0);
}
