import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** Machines of a kind: by location, hardware, datacentre or owner. */
export interface NodeGroup {
  /** Labels that the group's nodes carry. */
  labels: Record<string, string>;
  /** Whether only pods that name the group may run there; its nodes carry the taint below. */
  exclusive: boolean;
  name: string;
}

/** Key of the taint of exclusive nodes; its value is the group's name, its effect NoSchedule. */
const exclusiveTaint = "platform/exclusive";

/** The platform's priority classes, the most urgent first. */
export const priorityClasses = {
  /** Every part of the platform, but storage drivers and metrics-server: they have Kubernetes' own `system-*` classes. */
  platform: "platform",
  /** The apps of the teams. */
  apps: "apps",
} as const;

/** How urgent a pod is. */
export type Priority = keyof typeof priorityClasses;

/** What the stack says about where pods run, and which go first; parts get it from `Placement`. */
export interface PlacementRules {
  /** Name of the class of each priority, once it exists. */
  classes: Record<Priority, pulumi.Input<string>>;
  /** Machines of the platform's own parts; any that is not exclusive without it. */
  nodeGroup?: NodeGroup;
}

type PodSpec = k8s.types.input.core.v1.PodSpec;
type Placed = Pick<PodSpec, "priorityClassName"> & {
  nodeSelector?: Record<string, string>;
  tolerations?: k8s.types.input.core.v1.Toleration[];
};

/** How urgent a pod is, where the stack has priority classes. On its own, this is for DaemonSets, which run on every node. */
export function priority(
  level: Priority,
  rules: PlacementRules | undefined,
): Pick<PodSpec, "priorityClassName"> {
  return rules === undefined ? {} : { priorityClassName: rules.classes[level] };
}

/** Where a part of the platform runs, and how urgent it is. */
export function platformPlacement(rules: PlacementRules | undefined): Placed {
  return { ...priority("platform", rules), ...nodeGroupPlacement(rules?.nodeGroup) };
}

/** Where an app runs, on a node group of its own choice, and how urgent it is. */
export function appPlacement(
  rules: PlacementRules | undefined,
  group: NodeGroup | undefined,
): Placed {
  return { ...priority("apps", rules), ...nodeGroupPlacement(group) };
}

/** What makes a pod run on a node group, and lets it onto that group's exclusive nodes. */
function nodeGroupPlacement(group: NodeGroup | undefined): Omit<Placed, "priorityClassName"> {
  if (group === undefined) return {};
  if (!group.exclusive) return { nodeSelector: group.labels };
  const toleration = { key: exclusiveTaint, value: group.name, effect: "NoSchedule" };
  return { nodeSelector: group.labels, tolerations: [{ ...toleration, operator: "Equal" }] };
}
