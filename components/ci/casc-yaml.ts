import { stringify } from "yaml";
import type { Casc, CascJobs, SecretFile } from "./casc";

/** Refers to a value in a file of the Secret. */
export function secretFile(name: string): SecretFile {
  return { secretFile: name };
}

/**
 * Serializes settings as YAML. Jenkins replaces `${name}` by the content of a secret, so only a {@link SecretFile} is
 * written like that; the same characters in other text are escaped.
 */
export function cascYaml(settings: Casc | CascJobs): string {
  // Folding a line would change a pod manifest or a script.
  return stringify(escapeVariables(settings), { lineWidth: 0, aliasDuplicateObjects: false });
}

function escapeVariables(value: unknown): unknown {
  if (typeof value === "string") return value.replaceAll("${", "^${");
  if (Array.isArray(value)) return value.map(escapeVariables);
  if (typeof value !== "object" || value === null) return value;
  if (isSecretFile(value)) return `\${${value.secretFile}}`;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [key, escapeVariables(entry)]),
  );
}

function isSecretFile(value: object): value is SecretFile {
  return "secretFile" in value;
}
