import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { BlockStorageClass } from "../../config";
import { objectLabels, selectorLabels } from "../shared/labels";
import type { PlacementRules } from "../shared/placement";
import { podSecurityContext } from "../shared/pods";

/** Namespace of the log pipeline; host names and certificates contain it. */
export const loggingNamespace = "logging";

/** Namespace of what reads and rotates the files of machines, which restricted pods may not. */
export const nodesNamespace = "logging-nodes";

/** What every part of the log pipeline needs to place its objects. */
export interface Place {
  /** The namespace, once it exists. */
  namespace: pulumi.Output<string>;
  parent: pulumi.Resource;
  environment: string;
  /** StorageClass of volumes; the cluster's default without it. */
  storageClass?: BlockStorageClass;
  /** Whether pods know the zone of their machine. */
  zones: boolean;
  /** Prefix of an internal image mirror. */
  imageMirror?: string;
  /** Where the pods run, and how urgent they are. */
  placement?: PlacementRules;
}

/** Labels of a part's objects. */
export function partLabels(name: string): Record<string, string> {
  return objectLabels(name, "logging");
}

/** Labels of a part's pods. */
export function podLabels(name: string): Record<string, string> {
  return { ...partLabels(name), ...selectorLabels(name) };
}

/** Metadata of a part's object. */
export function metadata(
  name: string,
  place: Place,
): { name: string; namespace: pulumi.Output<string>; labels: Record<string, string> } {
  return { name, namespace: place.namespace, labels: partLabels(name) };
}

/** A volume of its own for each pod of a StatefulSet. */
export function volumeClaim(
  name: string,
  diskGiB: number,
  { storageClass }: Place,
): k8s.types.input.core.v1.PersistentVolumeClaim {
  return {
    metadata: { name },
    spec: {
      accessModes: ["ReadWriteOnce"],
      storageClassName: storageClass,
      resources: { requests: { storage: `${diskGiB}Gi` } },
    },
  };
}

/** The pod's name, and its zone where pods know it, as environment variables. */
export function identityVariables({ zones }: Place): k8s.types.input.core.v1.EnvVar[] {
  const field = (name: string, fieldPath: string) => ({
    name,
    valueFrom: { fieldRef: { fieldPath } },
  });
  return [
    field("POD_NAME", "metadata.name"),
    ...(zones ? [field("ZONE", "metadata.labels['topology.kubernetes.io/zone']")] : []),
  ];
}

/** Security of a pod that reads the files of its machine, which belong to root and to any app's user. */
export function nodePodSecurity(
  selinuxType: string | undefined,
): k8s.types.input.core.v1.PodSecurityContext {
  return {
    seccompProfile: podSecurityContext.seccompProfile,
    runAsUser: 0,
    ...(selinuxType === undefined ? {} : { seLinuxOptions: { type: selinuxType } }),
  };
}

/** An environment variable out of a Secret. */
export function secretVariable(
  name: string,
  secret: pulumi.Input<string>,
  key: string,
): k8s.types.input.core.v1.EnvVar {
  return { name, valueFrom: { secretKeyRef: { name: secret, key } } };
}
