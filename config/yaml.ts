import { readFileSync } from "node:fs";
import { isScalar, LineCounter, parseDocument, visit, type Document } from "yaml";
import { expected } from "./expected";
import { strayKeys } from "./prefixes";
import { show } from "./show";
import { ambiguousScalars } from "./yaml-scalars";
import { sizeProblem } from "./yaml-size";

/** Maximum size of a stack's file, bytes. 700 apps take less than 1 MiB. */
const longest = 8 * 1024 * 1024;

/** Keys that an error lists. */
const mostShown = 20;

/** How often an alias may repeat what its anchor holds, counted through aliases of aliases. */
const maxAliasCount = 100;

/**
 * Reads the YAML document of a file.
 * @throws Error that names the file when it is not YAML, or would exhaust its reader.
 */
export function readYaml(path: string): { text: string; document: Document } {
  const text = reading(path, () => readFileSync(path, "utf8"));
  if (text.length > longest) {
    throw new Error(
      `${path}: expected at most ${longest / 1024 / 1024} MiB, got ${Math.ceil(text.length / 1024 / 1024)}.`,
    );
  }
  const tooMuch = sizeProblem(text);
  if (tooMuch !== undefined) throw new Error(`${path} cannot be read: ${tooMuch}.`);
  const lines = new LineCounter();
  // The engine knows "<<" as well; what it warns about is found where the value is used.
  const options = {
    merge: true,
    // What is written back is quoted wherever the engine would read it otherwise.
    compat: "yaml-1.1",
    logLevel: "error",
    uniqueKeys: false,
    lineCounter: lines,
  } as const;
  const document = reading(path, () => parseDocument(text, options));
  const [error] = document.errors;
  // The first line says what is wrong and where; the lines after it show the place.
  const problem =
    error?.code === "MULTIPLE_DOCS"
      ? expected(
          "one document",
          `a second one at line ${error.linePos?.[0].line ?? "?"}`,
          "remove the line --- between them",
        )
      : (error?.message.split("\n")[0]?.replace(/:$/, "") ?? duplicate(document, lines));
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
  // A document of aliases may be small and still expand to more than any memory holds.
  reading(path, () => document.toJS({ maxAliasCount }));
  return { text, document };
}

/**
 * Returns the config in a stack's file, by full key.
 * @throws Error that names the file when it holds something else.
 */
export function configIn(path: string, document: Document): Record<string, unknown> {
  const content: unknown = document.toJS({ maxAliasCount });
  if (content === null || content === undefined) return {};
  const { config } = mapping(path, "the file", content);
  if (config === null || config === undefined) return {};
  const values = mapping(path, "config", config);
  const stray = strayKeys(Object.keys(values));
  if (stray.length === 0) return values;
  const lines = stray.slice(0, mostShown).map(({ key, message }) => `  ${key}: ${message}`);
  throw new Error([`${path} has keys that nothing reads.`, ...lines].join("\n"));
}

/** The part of a config that the program reads, by key without the `platform:` in front. */
export function platformValues(config: Record<string, unknown>): Record<string, unknown> {
  const prefix = "platform:";
  return Object.fromEntries(
    Object.entries(config)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), value]),
  );
}

/** A key that a mapping has twice. The parser's own look compares each key with all others. */
function duplicate(document: Document, lines: LineCounter): string | undefined {
  let found: string | undefined;
  visit(document, {
    Map(_, { items }) {
      const keys = new Set<string>();
      for (const { key } of items) {
        const name = isScalar(key) ? String(key.value) : String(key);
        if (keys.has(name) && name !== "<<") {
          const { line } = lines.linePos((isScalar(key) ? key.range?.[0] : undefined) ?? 0);
          found = `Map keys must be unique: ${show(name)} at line ${line} is the second one`;
          return visit.BREAK;
        }
        keys.add(name);
      }
      return undefined;
    },
  });
  return found;
}

function mapping(path: string, what: string, value: unknown): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new Error(`${path} is not a stack's file: ${what} is not a mapping of keys.`);
}

/** Adds the path to errors of reading, such as a folder in place of the file, which do not name it. */
function reading<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${path} cannot be read: ${reason}.`, { cause: error });
  }
}
