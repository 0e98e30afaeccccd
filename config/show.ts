import { isEncrypted } from "./secret-text";

/** Maximum number of characters that are shown of a value. */
const longestValue = 60;

/** Names of keys that contain a secret, or that look as if they did. */
const sensitive = /passw|passphrase|secret|token|credential|private.?key|api.?key/i;

/** Text that assigns a value to such a name. */
const assignment = new RegExp(`(${sensitive.source})[\\w-]*["']?\\s*[:=]`, "i");

/** A user name and a password in a URL. */
const credentials = /\/\/[^/?#\s"]*@/g;

/** Returns a value for an error: short, on one line, without the credentials in a URL. */
export function show(value: unknown): string {
  if (value === undefined) return "nothing";
  if (isEncrypted(value)) return "an encrypted value";
  // JSON has no infinite numbers, and no NaN.
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
  // An app can be named token-service: that does not make the values below it secrets.
  const named = path
    .slice(typeof value === "number" ? -1 : -2)
    .some((part) => sensitive.test(String(part)));
  // In a mapping or a list, a name can be next to its value.
  const holds = (typeof value === "object" ? sensitive : assignment).test(shown);
  return named || holds ? kindOf(value) : shown;
}

/** Returns a text, cut if it is too long. */
export function cut(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest - 3)}…` : text;
}

/** Characters that are invisible, or that move a terminal's cursor or change the direction of text. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{VS}\u115f\u1160\u3164\uffa0]|(?! )\p{Zs}/gu;

/** Letters and digits of full width, which some input methods write. */
const fullWidth = /[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]/g;

const word = /[\p{L}\p{N}._-]+/gu;

/** Letters of alphabets that look like Latin ones. */
const lookalike = /[\p{sc=Greek}\p{sc=Cyrillic}]/gu;

/**
 * Returns a value as JSON. Characters that are not what they look like are written as their numbers, so that a
 * reader sees what is wrong with a value.
 */
export function json(value: unknown): string {
  return JSON.stringify(value)
    .replace(invisible, escaped)
    .replace(fullWidth, escaped)
    .replace(word, (text) => (/[a-z]/i.test(text) ? text.replace(lookalike, escaped) : text));
}

/** Returns each UTF-16 unit of a text as a JSON escape. */
function escaped(text: string): string {
  return text
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}

function kindOf(value: unknown): string {
  if (typeof value === "string") return `a string of ${value.length} characters (not shown)`;
  if (typeof value === "number") return "a number (not shown)";
  return `a ${Array.isArray(value) ? "list" : "mapping"} (not shown)`;
}
