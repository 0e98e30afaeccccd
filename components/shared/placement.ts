import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { exclusiveTaint } from "../../config";

/** A group of nodes: by location, hardware, data center or owner. */
export interface NodeGroup {
  /** Labels of the group's nodes. */
  labels: Record<string, string>;
  /** Whether only pods that name the group can run there. Its nodes have the taint below. */
  exclusive: boolean;
  name: string;
}

/** The platform's priority classes, the most urgent first. */
export const priorityClasses = {
  /**
   * Every part of the platform except storage drivers and metrics-server, which have Kubernetes' `system-*` classes.
   */
  platform: "platform",
  /** The apps of the teams. */
  apps: "apps",
} as const;

/** Priority of a pod. */
export type Priority = keyof typeof priorityClasses;

/** The stack's rules for the placement and priority of pods; parts get them from `Placement`. */
export interface PlacementRules {
  /** Name of the class of each priority, once it exists. */
  classes: Record<Priority, pulumi.Input<string>>;
  /** Nodes of the platform's own parts. Default: any node that is not exclusive. */
  nodeGroup?: NodeGroup;
}

type PodSpec = k8s.types.input.core.v1.PodSpec;
type PodPlacement = Pick<PodSpec, "priorityClassName"> & {
  nodeSelector?: Record<string, string>;
  tolerations?: k8s.types.input.core.v1.Toleration[];
};

/**
 * Returns the priority class of a pod, if the stack has priority classes. Use it alone for DaemonSets, which run on
 * every node.
 */
export function priority(
  level: Priority,
  rules: PlacementRules | undefined,
): Pick<PodSpec, "priorityClassName"> {
  return rules === undefined ? {} : { priorityClassName: rules.classes[level] };
}

/** Returns the placement and priority of a part of the platform. */
export function platformPlacement(rules: PlacementRules | undefined): PodPlacement {
  return { ...priority("platform", rules), ...nodeGroupPlacement(rules?.nodeGroup) };
}

/** Returns the placement, on a node group of its choice, and the priority of an app. */
export function appPlacement(
  rules: PlacementRules | undefined,
  group: NodeGroup | undefined,
): PodPlacement {
  return { ...priority("apps", rules), ...nodeGroupPlacement(group) };
}

/** Returns the node selector of a node group, and the toleration if its nodes are exclusive. */
function nodeGroupPlacement(group: NodeGroup | undefined): Omit<PodPlacement, "priorityClassName"> {
  if (group === undefined) return {};
  if (!group.exclusive) return { nodeSelector: group.labels };
  const toleration = { key: exclusiveTaint, value: group.name, effect: "NoSchedule" };
  return { nodeSelector: group.labels, tolerations: [{ ...toleration, operator: "Equal" }] };
}
