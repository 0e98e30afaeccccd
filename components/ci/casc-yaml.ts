import { stringify } from "yaml";
import type { Casc, CascJobs, SecretFile } from "./casc";

/** A value that stands in a file of the Secret. */
export function secretFile(name: string): SecretFile {
  return { secretFile: name };
}

/**
 * Settings as text. Jenkins replaces `${name}` by a secret's content, so only a {@link SecretFile}
 * becomes one; the same characters in any other text are marked to stay as they are.
 */
export function cascYaml(settings: Casc | CascJobs): string {
  // A folded line inside a pod's manifest or a script would be a change of it.
  return stringify(written(settings), { lineWidth: 0, aliasDuplicateObjects: false });
}

function written(value: unknown): unknown {
  if (typeof value === "string") return value.replaceAll("${", "^${");
  if (Array.isArray(value)) return value.map(written);
  if (typeof value !== "object" || value === null) return value;
  if (isSecretFile(value)) return `\${${value.secretFile}}`;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, written(entry)]));
}

function isSecretFile(value: object): value is SecretFile {
  return "secretFile" in value;
}
