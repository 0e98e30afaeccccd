import type * as k8s from "@pulumi/kubernetes";

/** Machines of a kind: by location, hardware, datacentre or owner. */
export interface NodeGroup {
  /** Labels that the group's nodes carry. */
  labels: Record<string, string>;
  /** Whether only pods that name the group may run there; its nodes carry the taint below. */
  exclusive: boolean;
  name: string;
}

/** Key of the taint of exclusive nodes; its value is the group's name, its effect NoSchedule. */
export const exclusiveTaint = "platform/exclusive";

/** What makes a pod run on a node group, and lets it onto that group's exclusive nodes. */
export function nodeGroupPlacement(
  group: NodeGroup | undefined,
): Pick<k8s.types.input.core.v1.PodSpec, "nodeSelector" | "tolerations"> {
  if (group === undefined) return {};
  if (!group.exclusive) return { nodeSelector: group.labels };
  const toleration = { key: exclusiveTaint, value: group.name, effect: "NoSchedule" };
  return { nodeSelector: group.labels, tolerations: [{ ...toleration, operator: "Equal" }] };
}
