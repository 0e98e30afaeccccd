import type { StackConfig } from "./stack";

/** The stack's node groups, each with its name. */
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
