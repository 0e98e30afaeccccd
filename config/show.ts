import { isEncrypted } from "./secret-text";

/** Characters that are shown of a value. */
const longestValue = 60;

/** Names of keys that hold a secret, or that look as if they did. */
const sensitive = /passw|passphrase|secret|token|credential|private.?key|api.?key/i;

/** A text that assigns a value to such a name. */
const assignment = new RegExp(`(${sensitive.source})[\\w-]*["']?\\s*[:=]`, "i");

/** A name and a password within an address. */
const credentials = /\/\/[^/?#\s"]*@/g;

/** A value as an error shows it: short, on one line, without the credentials of an address. */
export function show(value: unknown): string {
  if (value === undefined) return "nothing";
  if (isEncrypted(value)) return "an encrypted value";
  // JSON knows no such numbers.
  const text = Number.isFinite(value) || typeof value !== "number" ? json(value) : String(value);
  return cut(text.replace(credentials, "//…@"), longestValue);
}

/**
 * Formats a value for an error about its key. If it may be a secret in the wrong place, only its kind is
 * shown, because errors appear in logs and comments.
 */
export function showAt(path: readonly PropertyKey[], value: unknown): string {
  if (value === undefined || value === null || typeof value === "boolean" || isEncrypted(value)) {
    return show(value);
  }
  const shown = show(value);
  // An app may be called token-service: what lies deeper in it is no secret for that.
  const named = path
    .slice(typeof value === "number" ? -1 : -2)
    .some((part) => sensitive.test(String(part)));
  // Within a mapping or a list, a name may be next to its value.
  const holds = (typeof value === "object" ? sensitive : assignment).test(shown);
  return named || holds ? kindOf(value) : shown;
}

/** A text that is cut where it is too long. */
export function cut(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest - 3)}…` : text;
}

/** A value as JSON, in which no character moves a terminal's cursor or turns the direction of others. */
export function json(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function kindOf(value: unknown): string {
  if (typeof value === "string") return `a text of ${value.length} characters (not shown)`;
  if (typeof value === "number") return "a number (not shown)";
  return `a ${Array.isArray(value) ? "list" : "mapping"} (not shown)`;
}
