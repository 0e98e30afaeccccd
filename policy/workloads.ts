import type * as k8s from "@pulumi/kubernetes";
import { at, titleOf, type KubernetesObject } from "../render/objects";

/** A pod spec in the format of a manifest. */
export type PodSpec = k8s.types.output.core.v1.PodSpec;

/** An object that creates pods. */
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

const templatePaths: Record<string, string> = {
  Deployment: "spec.template",
  StatefulSet: "spec.template",
  DaemonSet: "spec.template",
  Job: "spec.template",
  CronJob: "spec.jobTemplate.spec.template",
};

/** Returns every object that creates pods. */
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

/** Returns all containers of a workload's pods, including init containers. */
export function containersOf({ pod }: Workload): PodSpec["containers"] {
  return [...pod.containers, ...(pod.initContainers ?? [])];
}
