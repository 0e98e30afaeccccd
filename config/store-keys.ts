import { z } from "zod";
import { expected, listed, show } from "./errors";

/** Whose keys the placeholders of a prefix stand for. */
export interface Reader {
  team: string;
  app: string;
}

/** The rule of one store. */
export interface KeyRule {
  /** Prefixes, of which each key must have one. */
  prefixes: readonly string[];
  /** Where they are set, for errors: `platform:secretStores.vault.keys`. */
  key: string;
}

/** Longest text that the API server accepts as a key. */
const longest = 1024;

/** One optional `{team}`, which one optional `{app}` may follow, with a separator between the two. */
const placeholders = /^[^{}]*(\{team\}([^{}]*[/_.][^{}]*\{app\})?[^{}]*)?$/;

/**
 * Characters that some stores read as part of a URL or as another separator, so that the key names another secret than
 * its prefix says.
 */
const unusualCharacters = /[\\%?#\s\p{Cc}]/u;

/**
 * A prefix of keys in a store. It ends with a character that no name of a team or an app contains; otherwise, a prefix
 * for team `shop` would also match the keys of team `shop2`.
 */
export const keyPrefix = z.string().max(longest).refine(isPrefix, {
  error:
    'a prefix such as {team}/ or apps/{team}/{app}/, which ends with "/", "_" or ".", has {app} only after {team}, and no empty segments, "." or ".."; or "" for every key',
});

function isPrefix(text: string): boolean {
  if (text === "") return true;
  if (!placeholders.test(text) || unusualCharacters.test(text) || !/[/_.]$/.test(text)) {
    return false;
  }
  // Some stores have keys that start with a slash.
  const segments = text.replace(/^\//, "").split("/");
  return areSegments(text.endsWith("/") ? segments.slice(0, -1) : segments);
}

function areSegments(segments: readonly string[]): boolean {
  return segments.every((segment) => !["", ".", ".."].includes(segment));
}

/** Returns the prefixes of the keys that a reader may read. */
function prefixesFor(reader: Reader, prefixes: readonly string[]): string[] {
  return prefixes.map((prefix) =>
    prefix.replaceAll("{team}", reader.team).replaceAll("{app}", reader.app),
  );
}

/**
 * Returns what is wrong with a key in a store, or with a version of it; undefined if the reader may read it. A store
 * can resolve `..` in a key, so such a key is refused even if it has the prefix.
 */
export function forbiddenKey(
  { key, version }: { key: string; version?: string },
  reader: Reader,
  { prefixes, key: rule }: KeyRule,
): { field: "key" | "version"; message: string } | undefined {
  if (prefixes.includes("")) return undefined;
  const own = prefixesFor(reader, prefixes);
  const prefix = own.find((each) => key.startsWith(each));
  if (prefix === undefined) {
    const next = `use a key below it, or let the owner of the store add a prefix to ${rule}`;
    return {
      field: "key",
      message: expected(`a key that starts with ${listed(own)} (${rule})`, show(key), next),
    };
  }
  const isWrong = (text: string) => unusualCharacters.test(text) || !areSegments(text.split("/"));
  const refused = (field: "key" | "version", text: string) => {
    const what = `a ${field} without empty segments, ".", "..", spaces and \\ % ? #, because ${rule} limits the keys`;
    return { field, message: expected(what, show(text)) };
  };
  if (isWrong(key.slice(prefix.length))) return refused("key", key);
  return version !== undefined && isWrong(version) ? refused("version", version) : undefined;
}
