import * as pulumi from "@pulumi/pulumi";

/**
 * Whether an engine runs the program. The SDK's own `hasEngine` is always false for a program that shares its process
 * with those of other stacks (docs/decisions/warm-programs.md).
 */
export function hasEngine(): boolean {
  return pulumi.runtime.getEngine() !== undefined;
}
