import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** Limits of a namespace: sums over all of its pods. */
export interface Quota {
  /** Requested cores. */
  cpu: string;
  /** Requested memory, with a unit, for example `64Gi`. */
  memory: string;
  pods: number;
  /** Requested disk of the nodes, with a unit. Default: no limit. */
  "ephemeral-storage"?: string;
  /** Storage that claims request, with a unit. Default: no limit. */
  volumes?: string;
}

/**
 * Declares the quota of a namespace. It rejects pods without requests.
 * @param name name of the resource in the program; that of the object is in its metadata.
 */
export function resourceQuota(
  name: string,
  metadata: k8s.types.input.meta.v1.ObjectMeta,
  { cpu, memory, pods, "ephemeral-storage": storage, volumes }: Quota,
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
          ...(volumes === undefined ? {} : { "requests.storage": volumes }),
          pods: String(pods),
        },
      },
    },
    { parent },
  );
}
