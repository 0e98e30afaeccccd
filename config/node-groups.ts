import type { StackConfig } from "./stack";

/** Key of the taint of exclusive nodes. Its value is the group's name, its effect NoSchedule. */
export const exclusiveTaint = "platform/exclusive";

/** Returns the stack's node groups, each with its name. */
export function nodeGroupsOf({
  nodeGroups,
}: StackConfig): Record<
  string,
  { name: string; labels: Record<string, string>; exclusive: boolean }
> {
  return Object.fromEntries(
    Object.entries(nodeGroups).map(([name, group]) => [name, { name, ...group }]),
  );
}
