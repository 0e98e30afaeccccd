import type * as k8s from "@pulumi/kubernetes";
import type { KubernetesObject } from "../../render/objects";
import { at } from "./declare";

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
    const template = at(object, path) as { metadata?: { labels?: Record<string, string> } };
    return [
      {
        title: `${object.kind} ${object.metadata.namespace ?? ""}/${object.metadata.name}`,
        object,
        pod: at(object, `${path}.spec`) as PodSpec,
        labels: template.metadata?.labels ?? {},
      },
    ];
  });
}
