import { readFileSync } from "node:fs";
import { isScalar, LineCounter, parseDocument, visit, type Document } from "yaml";
import { show } from "./show";
import { ambiguousScalars } from "./yaml-scalars";
import { excess } from "./yaml-excess";

/** Bytes of a stack's file at the most. 700 apps take less than one of these. */
const longest = 8 * 1024 * 1024;

/** How often an alias may repeat what its anchor holds, counted through aliases of aliases. */
const maxAliasCount = 100;

/**
 * The YAML document that a file holds.
 * @throws Error that names the file when it is no YAML, or is made to exhaust who reads it.
 */
export function readYaml(path: string): { text: string; document: Document } {
  const text = reading(path, () => readFileSync(path, "utf8"));
  if (text.length > longest) {
    throw new Error(
      `${path} is not read: it has ${Math.ceil(text.length / 1024 / 1024)} MiB, allowed are ${longest / 1024 / 1024}.`,
    );
  }
  // The engine knows "<<" as well; what it warns of, whoever uses the value finds.
  const tooMuch = excess(text);
  if (tooMuch !== undefined) throw new Error(`${path} is not read: ${tooMuch}.`);
  const lines = new LineCounter();
  // The engine knows "<<" as well; what it warns of, whoever uses the value finds.
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
  const problem = error?.message.split("\n")[0]?.replace(/:$/, "") ?? duplicate(document, lines);
  if (problem !== undefined) throw new Error(`${path} is no valid YAML: ${problem}`);
  const ambiguous = ambiguousScalars(document);
  if (ambiguous.length > 0) {
    throw new Error(
      [
        `${path} is not read: it holds values that the engine and this program read differently.`,
        ...ambiguous.map((line) => `  ${line}`),
      ].join("\n"),
    );
  }
  // A document of aliases may be small and still expand to more than any memory holds.
  reading(path, () => document.toJS({ maxAliasCount }));
  return { text, document };
}

/**
 * The config that stands in a stack's file, by full key.
 * @throws Error that names the file when it holds something else.
 */
export function configIn(path: string, document: Document): Record<string, unknown> {
  const content: unknown = document.toJS({ maxAliasCount });
  if (content === null || content === undefined) return {};
  const { config } = mapping(path, "the file", content);
  return config === null || config === undefined ? {} : mapping(path, "config", config);
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
  throw new Error(`${path} is no stack's file: ${what} is not a mapping of keys.`);
}

/** A folder in the place of the file, or aliases and nesting that go too far: each says little without the file. */
function reading<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${path} is not read: ${reason}.`, { cause: error });
  }
}
