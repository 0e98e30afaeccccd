import { isMap, isScalar, isSeq, parseDocument } from "yaml";
import type { Document, Node, YAMLMap, YAMLSeq } from "yaml";
import { anchorOf, areEqual, isBlock, keyName, nodeOf, pairsByKey } from "./yaml-nodes";
import { linesOf, NotInPlace, placeOfItem, placeOfPair, rangeOf, type Place } from "./yaml-places";
import { isTight, lineEndOf } from "./yaml-style";
import { Writer } from "./yaml-writer";

/** A part of a text, as offsets, and what replaces it. */
interface Change {
  start: number;
  end: number;
  text: string;
}

/**
 * Returns a text with the changes that lead to the content of a document. Every line that does not belong to a changed
 * key stays as it is, character for character.
 * @returns undefined if the text is not written in a way that can be changed in place. The caller compares the content,
 * because a text may have forms that this function does not know.
 */
export function changeInPlace(text: string, document: Document): string | undefined {
  const former = parseDocument(text, { merge: true, logLevel: "silent", uniqueKeys: false });
  const patch = new Patch(text, new Writer(document, !isTight(text)), document);
  try {
    patch.changeValue(former.contents, document.contents);
    return patch.apply();
  } catch (error) {
    if (error instanceof NotInPlace) return undefined;
    throw error;
  }
}

type Places = (index: number) => Place;

class Patch {
  private readonly changes: Change[] = [];

  constructor(
    private readonly text: string,
    private readonly writer: Writer,
    private readonly document: Document,
  ) {}

  apply(): string {
    // An insertion comes before a removal at the same offset.
    const sorted = [...this.changes].sort((a, b) => a.start - b.start || a.end - b.end);
    let [result, at] = ["", 0];
    for (const { start, end, text } of sorted) {
      if (start < at) throw new NotInPlace();
      result += this.text.slice(at, start) + text;
      at = end;
    }
    const isCut = at === this.text.length && !this.text.endsWith("\n");
    return result + this.text.slice(at) + (isCut ? lineEndOf(this.text) : "");
  }

  /** Changes the content of a mapping or a list. */
  changeValue(former: unknown, wanted: unknown): void {
    if (areEqual(former, wanted)) return;
    if (anchorOf(former) !== anchorOf(wanted)) throw new NotInPlace();
    if (isMap(former) && isMap(wanted)) this.changeMapping(former, wanted);
    else if (isSeq(former) && isSeq(wanted)) this.changeList(former, wanted);
    else throw new NotInPlace();
  }

  private changeMapping(former: YAMLMap, wanted: YAMLMap): void {
    const flow = !isBlock(former);
    const after = pairsByKey(wanted);
    const places = placesOf(former.items, (pair) => placeOfPair(this.text, pair, flow));
    const others = former.items.map(({ key }) => after.get(keyName(key)));
    this.removeAll(
      places,
      others.map((other) => other === undefined),
      flow,
    );
    former.items.forEach((pair, index) => {
      const other = others[index];
      if (other === undefined) return;
      this.change(
        () => places(index),
        pair.value,
        other.value,
        () => this.writer.pair(other, flow),
      );
    });
    const before = new Map(former.items.map(({ key }, index) => [keyName(key), index]));
    let at = -1;
    for (const pair of wanted.items) {
      const known = before.get(keyName(pair.key));
      if (known === undefined) this.insert(places, at, this.writer.pair(pair, flow));
      else at = known;
    }
  }

  private changeList(former: YAMLSeq, wanted: YAMLSeq): void {
    const flow = !isBlock(former);
    const [a, b] = [former.items, wanted.items];
    const places = placesOf(a, (item) => placeOfItem(this.text, former, item, flow));
    const most = Math.min(a.length, b.length);
    let [start, end] = [0, 0];
    while (start < most && areEqual(a[start], b[start])) start++;
    while (end < most - start && areEqual(a.at(-1 - end), b.at(-1 - end))) end++;
    const added = b.slice(start, b.length - end);
    if (a.length === b.length) {
      added.forEach((item, index) => {
        const at = start + index;
        this.change(
          () => places(at),
          a[at],
          item,
          () => this.writer.item(item, flow),
        );
      });
      return;
    }
    this.removeAll(
      places,
      a.map((_, index) => index >= start && index < a.length - end),
      flow,
    );
    for (const item of added) this.insert(places, start - 1, this.writer.item(item, flow));
  }

  /** Changes the value at a place: its content, the value in its line, or the whole place. */
  private change(
    placeOf: () => Place,
    former: unknown,
    value: unknown,
    written: () => string,
  ): void {
    const wanted = nodeOf(value, this.document);
    if (areEqual(former, wanted)) return;
    const made = this.changes.length;
    try {
      this.changeValue(former, wanted);
      return;
    } catch (error) {
      if (!(error instanceof NotInPlace)) throw error;
      this.changes.splice(made);
    }
    this.changes.push(this.inLine(former, wanted) ?? this.whole(placeOf(), written()));
  }

  private whole(place: Place, written: string): Change {
    const { start, isFlow, end, lineEnd } = place;
    return { start, end: isFlow ? end : lineEnd, text: this.indented(written, place) };
  }

  /** Returns the change of a value in its line, which keeps a comment after it; undefined if it has several lines. */
  private inLine(former: unknown, wanted: Node): Change | undefined {
    if (!isScalar(former) || !isScalar(wanted) || anchorOf(former) || former.tag) return undefined;
    const [start, end] = rangeOf(former);
    const text = this.writer.value(wanted);
    const isOneLine = !`${this.text.slice(start, end)}${text}`.includes("\n");
    return start < end && isOneLine ? { start, end, text } : undefined;
  }

  /** Removes the places that are marked; the others stay. */
  private removeAll(placeAt: Places, removed: boolean[], flow: boolean): void {
    if (!removed.includes(true)) return;
    const firstKept = removed.indexOf(false);
    if (firstKept < 0) throw new NotInPlace();
    removed.forEach((isRemoved, index) => {
      if (!isRemoved) return;
      const range = !flow
        ? linesOf(this.text, placeAt(index), index === 0)
        : index < firstKept
          ? { start: placeAt(index).start, end: placeAt(index + 1).start }
          : { start: placeAt(index - 1).end, end: placeAt(index).end };
      this.changes.push({ ...range, text: "" });
    });
  }

  /** Inserts a pair or an item after the one at an index; -1 is the beginning. */
  private insert(placeAt: Places, after: number, written: string): void {
    const isFirst = after < 0;
    const place = placeAt(isFirst ? 0 : after);
    const text = this.indented(written, place);
    const lineEnd = lineEndOf(this.text);
    const indent = " ".repeat(place.column);
    if (place.isFlow) {
      if (isFirst) this.add(place.start, `${text}, `);
      else this.add(place.end, `, ${text}`);
    } else if (isFirst) {
      this.add(linesOf(this.text, place, true).start, `${indent}${text}${lineEnd}`);
    } else this.add(place.lineEnd, `${lineEnd}${indent}${text}`);
  }

  private add(offset: number, text: string): void {
    this.changes.push({ start: offset, end: offset, text });
  }

  private indented(text: string, { column }: Place): string {
    const indent = `${lineEndOf(this.text)}${" ".repeat(column)}`;
    return text.replaceAll(/\n(?!\n|$)/g, indent).replaceAll(/(?<!\r)\n/g, lineEndOf(this.text));
  }
}

/** Returns where the pairs or items are. An unchanged one may be written in a form that has no place. */
function placesOf<T>(items: readonly T[], placeOf: (item: T) => Place): Places {
  return (index) => {
    const item = items[index];
    if (item === undefined) throw new NotInPlace();
    return placeOf(item);
  };
}
