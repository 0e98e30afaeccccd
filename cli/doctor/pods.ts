import { podTemplateOf } from "../../config/pod-template";
import type { KubernetesObject } from "../../render/objects";
import { at, titleOf } from "../../render/objects";
import type { PodSpec } from "./look";

/** The pods that an object creates. */
export interface MadePods {
  /** `Deployment gateway/traefik`. */
  title: string;
  count: number;
  spec: PodSpec;
}

/**
 * Returns the pods that an object creates; undefined if it creates none. A CronJob is counted once, because its
 * pods run only for a while.
 */
export function podsOf(object: KubernetesObject, nodes: number): MadePods[] {
  const spec = podTemplateOf(object)?.["spec"] as PodSpec | undefined;
  if (spec === undefined) return [];
  const replicas = (at(object, "spec.replicas") as number | undefined) ?? 1;
  return [{ title: titleOf(object), count: object.kind === "DaemonSet" ? nodes : replicas, spec }];
}
