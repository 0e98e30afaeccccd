import { createHash } from "node:crypto";
import { isMap, unwrapSecrets, type PropertyMap, type PropertyValue } from "../shared/values";
import { withMetadata } from "./objects";

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
  const { metadata: former } = unwrapSecrets(olds);
  const digits = createHash("sha256").update(seed).update(resourceName).digest("hex").slice(0, 8);
  return withMetadata(inputs, (metadata) => {
    if (isSet(metadata.name)) return metadata;
    if (isSet(metadata.generateName)) {
      throw new Error(
        `${resourceName} has metadata.generateName, which an update that is taken up again could not find; leave it out for a name with a suffix, or set metadata.name.`,
      );
    }
    const annotations = isMap(metadata.annotations) ? metadata.annotations : {};
    return {
      ...metadata,
      annotations: { ...annotations, [autonamed]: "true" },
      name: formerName(former) ?? `${resourceName.toLowerCase()}-${digits}`,
    };
  });
}

/** The name that an object was given here before. */
function formerName(metadata: PropertyValue | undefined): string | undefined {
  if (!isMap(metadata) || !isMap(metadata.annotations)) return undefined;
  const { name } = metadata;
  const wasAutonamed = metadata.annotations[autonamed] === "true";
  return wasAutonamed && typeof name === "string" ? name : undefined;
}

/** Null is what a program gives for a field that it leaves open. */
function isSet(value: PropertyValue | undefined): boolean {
  return value !== undefined && value !== null;
}
