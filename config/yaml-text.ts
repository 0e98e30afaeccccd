import { isUtf8 } from "node:buffer";
import { expected } from "./expected";

/** Maximum number of places that an error lists. */
const maximumPlaces = 10;

/**
 * Characters that the engine's YAML reader refuses, or that it alone reads as the end of a line. Source: the
 * printable characters and the line breaks of YAML 1.1.
 */
const unreadable =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029\ufffe\uffff]|(?<!^)\ufeff|\r(?!\n)/gu;

/**
 * Returns why the bytes of a file are not text in UTF-8; undefined if they are. Without this check, other bytes
 * would be replaced by question marks.
 */
export function encodingProblem(content: Buffer): string | undefined {
  if (isUtf8(content)) return undefined;
  const got = `other bytes at line ${1 + firstLine(content)}`;
  return expected("text in UTF-8", got, "save it as UTF-8, not as GBK or UTF-16");
}

/** Returns the number of the first line that is not UTF-8, from 0. */
function firstLine(content: Buffer): number {
  let [line, start] = [0, 0];
  for (let end = content.indexOf("\n"); end >= 0; end = content.indexOf("\n", start)) {
    if (!isUtf8(content.subarray(start, end))) return line;
    [line, start] = [line + 1, end + 1];
  }
  return line;
}

/** Returns which characters of a text only some readers of YAML accept, and where; undefined if it has none. */
export function characterProblem(text: string): string | undefined {
  const places: string[] = [];
  let [line, from] = [1, 0];
  for (const { 0: character, index } of text.matchAll(unreadable)) {
    line += text.slice(from, index).split("\n").length - 1;
    from = index;
    if (places.length === maximumPlaces) return problem([...places, "more"]);
    places.push(`${codePoint(character)} at line ${line}`);
  }
  return places.length === 0 ? undefined : problem(places);
}

function problem(places: readonly string[]): string {
  return expected(
    "text without control characters and line separators, which the engine refuses or reads as the end of a line",
    places.join(", "),
    "remove them, or write them in double quotes as \\u and four digits",
  );
}

function codePoint(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
}
