import { isMap, isNode, isScalar, type Node, type Pair, type YAMLSeq } from "yaml";
import { isBlock } from "./yaml-nodes";

/** Thrown if a change cannot be made in place. */
export class NotInPlace extends Error {}

/** Where a text has a pair of a mapping or an item of a list. */
export interface Place {
  /** Offset of the key or of the dash. */
  start: number;
  /** Offset after the value. */
  end: number;
  /** Offset of the line break after the value and a comment next to it. */
  lineEnd: number;
  /** Column of the start, from 0. */
  column: number;
  isFlow: boolean;
}

/** Returns the place of a pair in a text. */
export function placeOfPair(text: string, pair: Pair, isFlow: boolean): Place {
  const [start] = rangeOf(pair.key);
  return placeOf(text, start, endOfPair(text, pair), isFlow);
}

/** Returns the place of an item of a list in a text. */
export function placeOfItem(text: string, list: YAMLSeq, item: unknown, isFlow: boolean): Place {
  const [from] = rangeOf(item);
  if (isFlow) return placeOf(text, from, endOf(text, item), true);
  const column = columnOf(text, rangeOf(list)[0]);
  let line = lineStartOf(text, from);
  while (text[line + column] !== "-" || line + column > from) {
    if (line === 0) throw new NotInPlace();
    line = lineStartOf(text, line - 1);
  }
  return placeOf(text, line + column, endOf(text, item), false);
}

function placeOf(text: string, start: number, end: number, isFlow: boolean): Place {
  const lineEnd = lineEndAfter(text, end);
  const column = columnOf(text, start);
  const before = text.slice(start - column, start);
  const after = text.slice(end, lineEnd);
  // An anchor or a question mark before a key, or a comma after a value.
  const isAlone = /^ *(- +)*$/.test(before) && /^[ \t]*(#.*)?$/.test(after);
  if (!isFlow && !isAlone) throw new NotInPlace();
  return { start, end, lineEnd, column, isFlow };
}

/** Returns the lines of a place as offsets, with the comments directly above and the indented ones directly below. */
export function linesOf(text: string, { start, lineEnd, column }: Place, isFirst: boolean) {
  let from = start - column;
  if (/[^ ]/.test(text.slice(from, start))) throw new NotInPlace();
  const breakAfter = /^\r?\n/.exec(text.slice(lineEnd, lineEnd + 2))?.[0].length ?? 0;
  const deeper = new RegExp(`^(?: {${column + 1},}#[^\\n]*(?:\\n|$))*`);
  const comments = deeper.exec(text.slice(lineEnd + breakAfter))?.[0].length ?? 0;
  const to = lineEnd + breakAfter + comments;
  // The comment above the first key may be about all keys.
  if (isFirst) return { start: from, end: to };
  const lineBefore = (offset: number) => text.slice(lineStartOf(text, offset - 1), offset);
  const comment = new RegExp(`^ {${column}}#`);
  while (from > 0 && comment.test(lineBefore(from))) from = lineStartOf(text, from - 1);
  const isBlankAfter = /^[ \t]*(\r?\n|$)/.test(text.slice(to));
  if (from > 0 && isBlankAfter && lineBefore(from).trim() === "") {
    from = lineStartOf(text, from - 1);
  }
  return { start: from, end: to };
}

/** Returns the offsets of a value that was read from a text. */
export function rangeOf(node: unknown): [start: number, end: number] {
  const range = isNode(node) ? node.range : undefined;
  if (!range) throw new NotInPlace();
  return [range[0], range[1]];
}

function endOfPair(text: string, { key, value }: Pair): number {
  const isEmpty = !isNode(value) || (isScalar(value) && rangeOf(value)[0] === rangeOf(value)[1]);
  if (!isEmpty) return endOf(text, value);
  const [, end] = rangeOf(key);
  return end + (/^[ \t]*:/.exec(text.slice(end))?.[0].length ?? 0);
}

function endOf(text: string, value: unknown): number {
  if (isBlock(value) && value.items.length > 0) {
    // The range of a block includes the comments and blank lines after it.
    const last = value.items.at(-1);
    return isMap(value) ? endOfPair(text, last as Pair) : endOf(text, last);
  }
  const [start, end] = rangeOf(value);
  if (!isScalar(value as Node) || !/^[|>]/.test(text.slice(start))) return end;
  const written = text.slice(start, end);
  const header = /^[^\n]*/.exec(written)?.[0] ?? "";
  const keepsBlankLines = /^[|>][0-9]*\+/.test(header);
  return start + (keepsBlankLines ? written.replace(/\r?\n$/, "") : written.trimEnd()).length;
}

function columnOf(text: string, offset: number): number {
  const start = lineStartOf(text, offset);
  return offset - start;
}

function lineStartOf(text: string, offset: number): number {
  const start = offset <= 0 ? 0 : text.lastIndexOf("\n", offset - 1) + 1;
  return start === 0 && text.startsWith("\uFEFF") ? 1 : start;
}

function lineEndAfter(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  if (end < 0) return text.length;
  return end > offset && text[end - 1] === "\r" ? end - 1 : end;
}
