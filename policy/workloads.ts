import type * as k8s from "@pulumi/kubernetes";
import { podTemplateOf } from "../config/pod-template";
import { titleOf, type KubernetesObject } from "../render/objects";

/** A pod spec in the format of a manifest. */
export type PodSpec = k8s.types.output.core.v1.PodSpec;

/** An object that creates pods, or a Pod. */
export interface Workload {
  /** Kind, namespace and name, for example `Deployment gateway/traefik`. */
  title: string;
  object: KubernetesObject;
  pod: PodSpec;
  labels: Record<string, string>;
}

interface Template {
  metadata?: { labels?: Record<string, string> };
  spec?: PodSpec;
}

/** Returns every object that creates pods, and every Pod. */
export function workloads(objects: KubernetesObject[]): Workload[] {
  return objects.flatMap((object) => {
    const template = podTemplateOf(object) as Template | undefined;
    if (template?.spec?.containers === undefined) return [];
    return [
      {
        title: titleOf(object),
        object,
        pod: template.spec,
        labels: template.metadata?.labels ?? {},
      },
    ];
  });
}

/** Whether an object keeps a number of pods running that it or an autoscaler states. */
export function isScaled({ kind }: KubernetesObject): boolean {
  return ["Deployment", "StatefulSet", "ReplicaSet", "ReplicationController"].includes(kind);
}

/** Returns all containers of a workload's pods, including init containers. */
export function containersOf({ pod }: Workload): PodSpec["containers"] {
  return [...pod.containers, ...(pod.initContainers ?? [])];
}
