import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { BlockStorageClass } from "../../config";
import type { Part } from "../shared/context";
import { podSecurityContext } from "../shared/pods";
import type { Claim } from "../shared/workload";

/** Namespace of the log pipeline; host names and certificates contain it. */
export const loggingNamespace = "logging";

/** Namespace of the pods that read and rotate log files of the nodes, which restricted pods cannot. */
export const nodesNamespace = "logging-nodes";

/** A part of the log pipeline during its declaration. */
export interface LoggingPart extends Part {
  /** StorageClass of volumes. Default: the cluster's default class. */
  storageClass?: BlockStorageClass;
  /** Whether pods know the zone of their node. */
  zones: boolean;
}

/** Volume claim for each pod of a StatefulSet. */
export function dataDisk(diskGiB: number, { storageClass }: LoggingPart): Claim {
  return { name: "data", size: `${diskGiB}Gi`, storageClass };
}

/** Environment variables with the pod's name and, if known, its zone. */
export function identityVariables({
  zones,
}: Pick<LoggingPart, "zones">): k8s.types.input.core.v1.EnvVar[] {
  const field = (name: string, fieldPath: string) => ({
    name,
    valueFrom: { fieldRef: { fieldPath } },
  });
  return [
    field("POD_NAME", "metadata.name"),
    ...(zones ? [field("ZONE", "metadata.labels['topology.kubernetes.io/zone']")] : []),
  ];
}

/** Security context of a pod that reads log files of its node, which belong to root or to any app's user. */
export function nodePodSecurity(
  selinuxType: string | undefined,
): k8s.types.input.core.v1.PodSecurityContext {
  return {
    seccompProfile: podSecurityContext.seccompProfile,
    runAsUser: 0,
    ...(selinuxType === undefined ? {} : { seLinuxOptions: { type: selinuxType } }),
  };
}

/** An environment variable from a Secret. */
export function secretVariable(
  name: string,
  secret: pulumi.Input<string>,
  key: string,
): k8s.types.input.core.v1.EnvVar {
  return { name, valueFrom: { secretKeyRef: { name: secret, key } } };
}
