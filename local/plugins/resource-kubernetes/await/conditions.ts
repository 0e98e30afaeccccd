import type { KubernetesObject } from "../objects";

/** How far an object has come. */
export type Progress =
  { state: "ready" } | { state: "waiting"; message: string } | { state: "failed"; message: string };

/** Judges one object. */
export type Judge = (object: KubernetesObject) => Progress;

/** One entry of `status.conditions`. */
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

/** A condition of an object by its type. */
export function condition(object: KubernetesObject, type: string): Condition | undefined {
  const conditions = (object.status?.conditions ?? []) as Condition[];
  return conditions.find((entry) => entry.type === type);
}

/** A number of an object's status; 0 when it is not there yet. */
export function count(object: KubernetesObject, field: string): number {
  const value = object.status?.[field];
  return typeof value === "number" ? value : 0;
}

/** Whether the controller has seen the object as it now is. */
export function observed(object: KubernetesObject): boolean {
  return count(object, "observedGeneration") >= (object.metadata.generation ?? 0);
}
