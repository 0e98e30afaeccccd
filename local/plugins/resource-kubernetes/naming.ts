import { createHash } from "node:crypto";
import { isMap, type PropertyMap } from "../shared/values";

/** Marks an object that has no name of its own in the program. */
export const autonamed = "pulumi.com/autonamed";

/**
 * Gives inputs without a name the one they had, or a new one: the resource's name and eight
 * hexadecimal digits.
 * @param seed what the engine hands out so that a preview and its update choose the same.
 */
export function named(
  inputs: PropertyMap,
  olds: PropertyMap,
  resourceName: string,
  seed: Uint8Array,
): PropertyMap {
  const metadata = isMap(inputs.metadata) ? inputs.metadata : {};
  if (metadata.name !== undefined || metadata.generateName !== undefined) return inputs;
  const former = isMap(olds.metadata) ? olds.metadata : {};
  const wasAutonamed = isMap(former.annotations) && former.annotations[autonamed] === "true";
  const digits = createHash("sha256").update(seed).update(resourceName).digest("hex").slice(0, 8);
  const name = wasAutonamed && typeof former.name === "string" ? former.name : undefined;
  const annotations = isMap(metadata.annotations) ? metadata.annotations : {};
  return {
    ...inputs,
    metadata: {
      ...metadata,
      annotations: { ...annotations, [autonamed]: "true" },
      name: name ?? `${resourceName.toLowerCase()}-${digits}`,
    },
  };
}
