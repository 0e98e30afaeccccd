import { z } from "zod";
import { expectedSecret } from "./expected";

/**
 * Placeholder of an encrypted text if a stack file is read without the engine, which alone has the key: by the
 * release commands, the traffic in previews, the policy and the rendering.
 */
export const encryptedPlaceholder = "(encrypted)";

/** Whether a value is encrypted, as `pulumi config set --secret` writes it into a stack's file. */
export function isEncrypted(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const entries = Object.entries(value);
  return entries.length === 1 && entries[0]?.[0] === "secure" && typeof entries[0][1] === "string";
}

/** Whether a value is encrypted, or contains an encrypted one. */
export function hasEncryptedValue(value: unknown): boolean {
  if (isEncrypted(value)) return true;
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some(hasEncryptedValue);
}

/**
 * Returns the schema of a secret text, which is encrypted in a stack file. The text never appears in an error,
 * so it never appears in a log.
 * @param allows whether a text is valid; only an update can check an encrypted text.
 * @param what the allowed values, as a noun.
 * @param abort whether a union around it reports its own error instead of this one.
 */
export function secretText(allows: (text: string) => boolean, what: string, abort = false) {
  const error = expectedSecret(what, "set it with pulumi config set --secret --path");
  const text = z.custom<string>(
    (value) => value === encryptedPlaceholder || (typeof value === "string" && allows(value)),
    { error, abort },
  );
  const schema = z.preprocess((value) => (isEncrypted(value) ? encryptedPlaceholder : value), text);
  // The title is the type in the reference: a JSON Schema with a type would refuse the encrypted form.
  return schema.meta({ title: "text" });
}
