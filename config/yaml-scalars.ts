import { isPair, isScalar, Scalar, visit, type Document, type Node, type Pair } from "yaml";
import { keyOf } from "./errors";

/** Maximum number of ambiguous scalars that are listed. */
const maximumListed = 20;

/**
 * Texts that YAML 1.1, which the engine reads, and YAML 1.2, which all other readers use, read as different
 * values.
 */
const classes: [text: RegExp, what: string][] = [
  [/^[-+]?0[0-9_]+$/, "a number with a leading zero"],
  [/^[-+]?0o[0-7_]+$/i, "an octal number"],
  [/^[-+]?0b[01_]+$/i, "a binary number"],
  [/^[-+]0x[0-9a-f_]+$|^0x[0-9a-f]*_/i, "a hexadecimal number"],
  [/^0X[0-9a-fA-F]+$/, "a hexadecimal number"],
  [
    /^[-+]?[0-9][0-9_]*_[0-9_]*(\.[0-9_]*)?$|^[-+]?[0-9]+\.[0-9]*_[0-9_]*$/,
    "a number with underscores",
  ],
  [/^[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?$/, "a number in base 60"],
  [/^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)[eE][-+]?[0-9]+$/, "a number with an exponent"],
  [/^[-+]?\.inf$|^\.nan$/i, "no finite number"],
  [/^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt\s].*)?$/, "a date"],
  [/^(y|yes|n|no|on|off)$/i, "true or false"],
  [/^=$/, "a key of its own"],
];

/** Tags that both readers know and read in the same way. */
const commonTags = ["str", "map", "seq"].map((name) => `tag:yaml.org,2002:${name}`);

/**
 * Returns the unquoted scalars of a stack file that its readers read as different values, each as a line with
 * its key and the remedy.
 */
export function ambiguousScalars(document: Document): string[] {
  const found: string[] = [];
  visit(document, {
    Collection(_, collection, path) {
      if (isOwnTag(collection)) found.push(taggedProblem([...path, collection], collection));
    },
    Scalar(key, scalar, path) {
      const source = scalar.source ?? "";
      if (isOwnTag(scalar)) {
        found.push(taggedProblem([...path, scalar], scalar));
        return;
      }
      if (key === "key" && (scalar.value === null || isQuotedMerge(scalar))) {
        found.push(
          `${placeOf([...path, scalar])}: ${scalar.value === null ? "an empty key" : '"<<" in quotes'} means different keys for the two YAML readers; use another key`,
        );
        return;
      }
      const what = ambiguity(scalar);
      if (what === undefined) return;
      const remedy = `write it in quotes: "${source}"`;
      const number = numberFor(source);
      const other = number === undefined ? "" : `, or the number as ${number}`;
      found.push(
        `${placeOf([...path, scalar])}: ${source} is ${what} for one YAML reader and something else for the other; ${remedy}${other}`,
      );
    },
  });
  const more = found.length - maximumListed;
  return more > 0 ? [...found.slice(0, maximumListed), `… and ${more} more`] : found;
}

function ambiguity({ type, tag, source, value }: Scalar): string | undefined {
  if (type !== Scalar.PLAIN || tag !== undefined || source === undefined) return undefined;
  const found = classes.find(([text]) => text.test(source));
  if (found !== undefined) return found[1];
  const isRounded =
    typeof value === "number" && /^[-+]?[0-9]+$/.test(source) && !Number.isSafeInteger(value);
  return isRounded ? "a rounded number" : undefined;
}

function isOwnTag({ tag }: { tag?: string }): boolean {
  return tag !== undefined && !commonTags.includes(tag);
}

function taggedProblem(path: Ancestors, { tag }: { tag?: string }): string {
  return `${placeOf(path)}: the tag ${tag} means different values for the two YAML readers; remove it, or write the value in quotes`;
}

/** Whether a key is one that one reader takes as text, and the other one as a merge key. */
function isQuotedMerge({ type, value }: Scalar): boolean {
  return value === "<<" && type !== Scalar.PLAIN;
}

/** Returns how to write what was possibly meant as a decimal number. */
function numberFor(source: string): string | undefined {
  const plain = source.replaceAll("_", "");
  if (!/^[-+]?[0-9]+(\.[0-9]+)?$/.test(plain)) return undefined;
  const text = plain.replace(/^([-+]?)0+(?=[0-9])/, "$1");
  return Number.isSafeInteger(Math.trunc(Number(text))) ? text : undefined;
}

type Ancestors = readonly (Document | Node | Pair)[];

/** Returns the config's key, without the file's own `config` in front. */
function placeOf(path: Ancestors): string {
  const parts = path.flatMap((node, index): (string | number)[] => {
    if (isPair(node))
      return [isScalar(node.key) ? String(node.key.source ?? node.key.value) : String(node.key)];
    const items = (node as { items?: unknown[] }).items ?? [];
    const next = path[index + 1];
    return next === undefined || isPair(next) || items.length === 0 ? [] : [items.indexOf(next)];
  });
  const [first = "", second, ...rest] = parts;
  if (first !== "config" || typeof second !== "string")
    return keyOf(String(first), second === undefined ? [] : [second, ...rest]);
  return keyOf(second, rest);
}
