import { distance } from "fastest-levenshtein";
import { expected, keyOf, type ConfigError } from "./errors";
import { cut, json } from "./show";

/** Prefix of the keys that this program reads, and prefix of the engine's own keys. */
const [own, engine] = ["platform", "pulumi"];

/**
 * Returns errors for keys of a stack's config that nothing reads. Without these errors, nobody would notice a misspelled
 * prefix.
 */
export function strayKeys(keys: readonly string[]): ConfigError[] {
  return keys.flatMap((key) => {
    const [prefix = "", ...rest] = key.split(":");
    if (rest.length > 0 && [own, engine].includes(prefix)) return [];
    const name = rest.length > 0 ? rest.join(":") : prefix;
    const isNear = rest.length === 0 || distance(prefix.toLowerCase(), own) <= 2;
    const next = isNear
      ? `write ${keyOf(`${own}:`, [name])}`
      : "remove it: the program configures its plugins itself, from platform:cluster";
    const what = `a key that starts with ${own}:`;
    return [{ key: cut(json(key).slice(1, -1), 80), message: expected(what, shown(key), next) }];
  });
}

/** Keys that the engine reads in a stack file. */
const topKeys = ["config", "encryptedkey", "encryptionsalt", "environment", "secretsprovider"];

/**
 * Returns errors for keys next to `config`, other than those of the engine and those that start with `x-`, which
 * hold anchors. The engine ignores them, so without these errors a section that is not indented would be missing without
 * notice.
 */
export function strayTopKeys(keys: readonly string[]): ConfigError[] {
  return keys
    .filter((key) => !topKeys.includes(key) && !key.startsWith("x-"))
    .map((key) => {
      const what = `one of the keys ${topKeys.join(", ")}, or x- and a name`;
      const next = "indent what belongs to the config below config:";
      return {
        key: cut(json(key).slice(1, -1), 80),
        message: expected(what, shown(key), next),
      };
    });
}

function shown(key: string): string {
  return cut(json(key), 80);
}
