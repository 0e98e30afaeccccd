import type { KubernetesObject } from "../../render/objects";
import { at, titleOf } from "../../render/objects";
import type { PodSpec } from "./look";

/** The pods that an object makes. */
export interface MadePods {
  /** `Deployment gateway/traefik`. */
  title: string;
  count: number;
  spec: PodSpec;
}

/**
 * The pods that an object makes; none for an object that makes none. A CronJob is counted once, as its
 * pods run for a while only.
 */
export function podsOf(object: KubernetesObject, nodes: number): MadePods[] {
  const path =
    object.kind === "CronJob" ? "spec.jobTemplate.spec.template.spec" : "spec.template.spec";
  const makes = ["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"].includes(object.kind);
  const spec = makes ? (at(object, path) as PodSpec | undefined) : undefined;
  if (spec === undefined) return [];
  const replicas = (at(object, "spec.replicas") as number | undefined) ?? 1;
  return [{ title: titleOf(object), count: object.kind === "DaemonSet" ? nodes : replicas, spec }];
}
