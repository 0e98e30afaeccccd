import { createHash } from "node:crypto";
import { isMap, unwrapSecrets, type PropertyMap, type PropertyValue } from "../shared/values";
import { withMetadata } from "./objects";

/** Annotation of objects without a name in the program. */
export const autonamed = "pulumi.com/autonamed";

/**
 * Adds a name to inputs without one: the former name, or a new one, which is the resource's name and eight hexadecimal
 * digits.
 * @param seed from the engine, so that a preview and its update choose the same name.
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
        `${resourceName} has metadata.generateName, so an update that resumes after an interruption could not find it; remove it for a name with a suffix, or set metadata.name.`,
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

/** Returns the name that the plugin gave an object before. */
function formerName(metadata: PropertyValue | undefined): string | undefined {
  if (!isMap(metadata) || !isMap(metadata.annotations)) return undefined;
  const { name } = metadata;
  const wasAutonamed = metadata.annotations[autonamed] === "true";
  return wasAutonamed && typeof name === "string" ? name : undefined;
}

/** A program sets a field to null to leave it open. */
function isSet(value: PropertyValue | undefined): boolean {
  return value !== undefined && value !== null;
}
