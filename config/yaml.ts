import { readFileSync } from "node:fs";
import { LineCounter, parseDocument, type Document } from "yaml";
import { expected } from "./expected";
import { isMap } from "./is-map";
import { strayKeys, strayTopKeys } from "./prefixes";
import { reasonOf } from "./reason";
import { ambiguousScalars } from "./yaml-scalars";
import { documentProblem } from "./yaml-problems";
import { sizeProblem } from "./yaml-size";
import { characterProblem, encodingProblem } from "./yaml-text";

/** Maximum size of a stack file, bytes. 700 apps need less than 1 MiB. */
const longest = 8 * 1024 * 1024;

/** Maximum number of keys that an error lists. */
const maximumShown = 20;

/** How often an alias may repeat the content of its anchor, counted through aliases of aliases. */
const maxAliasCount = 100;

/**
 * Reads the YAML document of a file.
 * @throws Error that names the file if it is not YAML, or if it would exhaust the reader.
 */
export function readYaml(path: string): { text: string; document: Document } {
  const content = withPath(path, () => readFileSync(path));
  const text = content.toString("utf8");
  if (text.length > longest) {
    throw new Error(
      `${path}: expected at most ${longest / 1024 / 1024} MiB, got ${Math.ceil(text.length / 1024 / 1024)}.`,
    );
  }
  const unreadable = encodingProblem(content) ?? characterProblem(text) ?? sizeProblem(text);
  if (unreadable !== undefined) throw new Error(`${path} cannot be read: ${unreadable}.`);
  const lines = new LineCounter();
  // The engine also supports "<<". What it warns about is found where the value is used.
  const options = {
    merge: true,
    // Text that is written back is quoted wherever the engine would read it as something else.
    compat: "yaml-1.1",
    logLevel: "error",
    uniqueKeys: false,
    lineCounter: lines,
  } as const;
  const document = withPath(path, () => parseDocument(text, options));
  const problem = documentProblem(document, text, lines);
  if (problem !== undefined) throw new Error(`${path} is not valid YAML: ${problem}`);
  const ambiguous = ambiguousScalars(document);
  if (ambiguous.length > 0) {
    throw new Error(
      [
        `${path} has values that the engine and this program read differently.`,
        ...ambiguous.map((line) => `  ${line}`),
      ].join("\n"),
    );
  }
  // A small document with aliases can expand to more than any memory can hold.
  withPath(path, () => document.toJS({ maxAliasCount }));
  return { text, document };
}

/**
 * Returns the config in a stack file, by full key.
 * @throws Error that names the file if it contains something else.
 */
export function configIn(path: string, document: Document): Record<string, unknown> {
  const content: unknown = document.toJS({ maxAliasCount });
  if (content === null || content === undefined) return {};
  const { config, ...others } = mapping(path, content);
  const values = config === null || config === undefined ? {} : mapping(`${path}: config`, config);
  const stray = [...strayTopKeys(Object.keys(others)), ...strayKeys(Object.keys(values))];
  if (stray.length === 0) return values;
  const lines = stray.slice(0, maximumShown).map(({ key, message }) => `  ${key}: ${message}`);
  throw new Error([`${path} has keys that nothing reads.`, ...lines].join("\n"));
}

/** Returns the part of a config that the program reads, by key without `platform:`. */
export function platformValues(config: Record<string, unknown>): Record<string, unknown> {
  const prefix = "platform:";
  return Object.fromEntries(
    Object.entries(config)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), value]),
  );
}

function mapping(where: string, value: unknown): Record<string, unknown> {
  if (isMap(value)) return value;
  // The value may be a secret in the wrong place.
  const got = Array.isArray(value) ? "a list" : "a single value";
  const next = "write keys and values, such as platform:environment: dev";
  throw new Error(`${where}: ${expected("a mapping", got, next)}.`);
}

/**
 * Reads something from a file and adds the file's path to errors, because some, such as for a folder instead of a file,
 * do not contain it.
 */
function withPath<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const reason = reasonOf(error);
    throw new Error(`${path} cannot be read: ${reason}.`, { cause: error });
  }
}
