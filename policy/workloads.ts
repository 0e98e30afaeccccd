import type * as k8s from "@pulumi/kubernetes";
import { at, titleOf, type KubernetesObject } from "../render/objects";

/** A pod's spec and its containers as a manifest holds them. */
export type PodSpec = k8s.types.output.core.v1.PodSpec;

/** An object that makes pods. */
export interface Workload {
  /** `Deployment gateway/traefik`. */
  title: string;
  object: KubernetesObject;
  pod: PodSpec;
  labels: Record<string, string>;
}

interface Template {
  metadata?: { labels?: Record<string, string> };
  spec?: PodSpec;
}

const templatePaths: Record<string, string> = {
  Deployment: "spec.template",
  StatefulSet: "spec.template",
  DaemonSet: "spec.template",
  Job: "spec.template",
  CronJob: "spec.jobTemplate.spec.template",
};

/** Every object that makes pods. */
export function workloads(objects: KubernetesObject[]): Workload[] {
  return objects.flatMap((object) => {
    const path = templatePaths[object.kind];
    if (path === undefined) return [];
    const template = at(object, path) as Template | undefined;
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

/** All containers of a workload's pods, also those that run before the others. */
export function containersOf({ pod }: Workload): PodSpec["containers"] {
  return [...pod.containers, ...(pod.initContainers ?? [])];
}
