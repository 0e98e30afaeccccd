import type { StackConfig } from "../../config";
import { transforms as fromCode } from "../../program/transforms/from-code";
import type { Transform } from "../../program/transforms/transform";

/** A transform as a preview shows it. */
export type ShownTransform =
  | { object: string; fields: string[]; reason: string }
  /** From code: it decides itself which objects it changes. */
  | Pick<Transform, "title" | "reason">;

/**
 * Returns the transforms of a stack's objects, those from code first.
 * @param transforms those from code.
 */
export function transformsOf(
  config: Pick<StackConfig, "transforms" | "platformStack">,
  transforms: readonly Transform[] = fromCode,
): ShownTransform[] {
  // The parts are in another stack.
  if (config.platformStack !== undefined) return [];
  return [
    ...transforms.map(({ title, reason }) => ({ title, reason })),
    ...Object.entries(config.transforms).map(([object, { set, reason }]) => ({
      object,
      fields: Object.keys(set),
      reason,
    })),
  ];
}
