import {
  isAlias,
  isScalar,
  visit,
  type Alias,
  type Document,
  type LineCounter,
  type YAMLParseError,
} from "yaml";
import { expected } from "./expected";
import { show } from "./show";

/** Maximum number of repeated keys and of unknown anchors that an error lists. */
const maximumListed = 10;

/** Returns what makes a document invalid YAML, on one line; undefined if nothing does. */
export function documentProblem(
  document: Document,
  text: string,
  lines: LineCounter,
): string | undefined {
  const [error] = document.errors;
  if (error !== undefined) return syntaxProblem(error, text);
  return repeatedKeys(document, lines) ?? unknownAnchors(document, lines);
}

function syntaxProblem(error: YAMLParseError, text: string): string {
  const { code, message, linePos } = error;
  const line = linePos?.[0].line;
  if (code === "MULTIPLE_DOCS") {
    const next = "remove the line --- or ... between them";
    return expected("one document", `a second one at line ${line ?? "?"}`, next);
  }
  // The first line says what is wrong and where; the lines after it show the place.
  const [first = ""] = message.split("\n");
  const hint = hintFor(first, text, line);
  return `${first.replace(/:$/, "")}${hint === undefined ? "" : `; ${hint}`}`;
}

/** Returns what to do about an error whose message does not say it. */
function hintFor(message: string, text: string, line = 1): string | undefined {
  const place = text.split("\n").slice(Math.max(0, line - 2), line);
  if (place.some((each) => each.includes("\uff1a"))) {
    return "a colon of full width (U+FF1A) is part of a text: write : and a space";
  }
  const isIndicator = /\balias\b|reserved character|indicator/i.test(message);
  return isIndicator ? "write a text that starts with such a character in quotes" : undefined;
}

/** Returns the keys that a mapping has twice. The parser's own check compares each key with all others. */
function repeatedKeys(document: Document, lines: LineCounter): string | undefined {
  const found: string[] = [];
  visit(document, {
    Map(_, { items }) {
      const keys = new Set<string>();
      for (const { key } of items) {
        // A merge key has a symbol as its value.
        const name = isScalar(key) ? String(key.source ?? key.value) : String(key);
        if (keys.has(name)) found.push(`${show(name)} at line ${lineOf(key, lines)}`);
        keys.add(name);
      }
    },
  });
  if (found.length === 0) return undefined;
  const [is, one] = found.length === 1 ? ["is", "the second one"] : ["are", "repeated"];
  return `Map keys must be unique: ${listOf(found)} ${is} ${one}`;
}

/** Returns the aliases without an anchor. A text that starts with `*` is one, without quotes. */
function unknownAnchors(document: Document, lines: LineCounter): string | undefined {
  const anchors = new Set<string>();
  const found: Alias[] = [];
  visit(document, {
    Node(_, node) {
      if (isAlias(node)) {
        if (!anchors.has(node.source)) found.push(node);
      } else if (node.anchor !== undefined) anchors.add(node.anchor);
    },
  });
  if (found.length === 0) return undefined;
  const places = found.map((alias) => `*${alias.source} at line ${lineOf(alias, lines)}`);
  return expected(
    "an alias of an anchor that is set before it",
    listOf(places),
    `write a text in quotes: "*${found[0]?.source ?? ""}"`,
  );
}

function lineOf(node: unknown, lines: LineCounter): number {
  const range = isScalar(node) || isAlias(node) ? node.range : undefined;
  return lines.linePos(range?.[0] ?? 0).line;
}

function listOf(texts: readonly string[]): string {
  const more = texts.length - maximumListed;
  return [...texts.slice(0, maximumListed), ...(more > 0 ? [`${more} more`] : [])].join(", ");
}
