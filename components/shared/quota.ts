import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** What a namespace may use: sums over all of its pods. */
export interface Quota {
  /** Cores that are requested. */
  cpu: string;
  /** Memory that is requested, bytes with a unit. */
  memory: string;
  pods: number;
  /** Disk of the nodes that is requested, bytes with a unit; not counted without it. */
  "ephemeral-storage"?: string;
}

/**
 * The quota of a namespace. It refuses a pod that says no requests.
 * @param name of the resource; the object's own is in its metadata.
 */
export function resourceQuota(
  name: string,
  metadata: k8s.types.input.meta.v1.ObjectMeta,
  { cpu, memory, pods, "ephemeral-storage": storage }: Quota,
  parent: pulumi.Resource,
): void {
  new k8s.core.v1.ResourceQuota(
    name,
    {
      metadata,
      spec: {
        hard: {
          "requests.cpu": cpu,
          "requests.memory": memory,
          ...(storage === undefined ? {} : { "requests.ephemeral-storage": storage }),
          pods: String(pods),
        },
      },
    },
    { parent },
  );
}
