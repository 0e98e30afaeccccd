import { existsSync, readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { isScalar, parseDocument, stringify, type Document } from "yaml";
import { readYaml } from "../../config/yaml";
import { characterProblem } from "../../config/yaml-text";
import { replaceFile } from "../../local/toolchain/replace-file";
import { changeInPlace } from "./yaml-patch";
import { lineEndOf, withFormerStyle } from "./yaml-style";

/**
 * A YAML file that is edited in place: comments, order and style of everything else stay. What somebody else writes to
 * the file in the meantime is never overwritten.
 */
export class YamlFile {
  document: Document;
  /** The text as it was first read. */
  readonly original: string;
  /** The text as this object has last read or written it. */
  private known: string;
  /** The text that was saved last; undefined if nothing is to be restored. */
  written?: string;
  /** The text with the replaced scalars; outdated after any other edit. */
  private spliced: string;

  /**
   * @throws Error if the file is missing or is not YAML.
   */
  constructor(readonly path: string) {
    const { text, document } = readYaml(path);
    this.original = text;
    this.known = text;
    this.spliced = text;
    this.document = document;
  }

  /** Whether there are unsaved edits. */
  isEdited(): boolean {
    return this.text() !== this.known;
  }

  /**
   * Replaces a text, a number or a boolean, and leaves every other character as it is. If there is no value
   * yet, it is set as by `document.setIn`.
   */
  setScalar(path: (string | number)[], value: string | number | boolean): void {
    const former = this.text();
    const document = parseDocument(former, { merge: true, logLevel: "silent" });
    const node = document.getIn(path, true);
    this.document.setIn(path, value);
    const isFlow = isScalar(node) && node.type?.startsWith("BLOCK") === false;
    if (!isFlow || !node.range || node.anchor !== undefined) return;
    const [start, end] = node.range;
    const text = stringify(value, { compat: "yaml-1.1", lineWidth: 0 }).trimEnd();
    const inserted = text.replaceAll("\n", lineEndOf(former));
    this.spliced = `${former.slice(0, start)}${inserted}${former.slice(end)}`;
  }

  /** Returns the text of the file, including unsaved edits. */
  text(): string {
    const content: unknown = this.document.toJS({ maxAliasCount: -1 });
    if (isDeepStrictEqual(parse(this.spliced), content)) return this.spliced;
    const inPlace = changeInPlace(this.spliced, this.document);
    if (inPlace !== undefined && hasContent(inPlace, content)) return inPlace;
    const written = this.document.toString({ lineWidth: 0, flowCollectionPadding: true });
    const kept = withFormerStyle(written, this.original, true);
    const same = isDeepStrictEqual(parse(kept), parse(written));
    return same ? kept : withFormerStyle(written, this.original, false);
  }

  /**
   * @throws Error if somebody else has changed the file since it was read or written here, or if a value has a
   * character that no parser of the file would accept.
   */
  assertSavable(): void {
    if (!this.isAsKnown()) {
      throw new Error(
        `${this.path} changed meanwhile; nothing was written. Run the command again.`,
      );
    }
    const problem = characterProblem(this.text());
    if (problem !== undefined) throw new Error(`${this.path} cannot be written: ${problem}.`);
  }

  /**
   * Writes the file completely or not at all.
   * @throws Error as {@link assertSavable}.
   */
  save(): void {
    this.assertSavable();
    this.write(this.text());
    this.written = this.known;
  }

  /** Reads the file again, and discards unsaved edits. */
  reload(): void {
    const { text, document } = readYaml(this.path);
    this.known = text;
    this.spliced = text;
    this.document = document;
  }

  /**
   * Restores the text that was first read, if the file was saved here.
   * @returns whether the file now has it; false if somebody else has changed the file since, which is then kept.
   */
  restore(): boolean {
    if (this.written === undefined) return true;
    if (!this.isAsKnown()) return false;
    this.write(this.original);
    this.written = undefined;
    return true;
  }

  private isAsKnown(): boolean {
    return existsSync(this.path) && readFileSync(this.path, "utf8") === this.known;
  }

  private write(text: string): void {
    replaceFile(this.path, text);
    this.known = text;
  }
}

function parse(text: string): unknown {
  return parseDocument(text, { merge: true, logLevel: "silent" }).toJS({ maxAliasCount: -1 });
}

function hasContent(text: string, content: unknown): boolean {
  try {
    return isDeepStrictEqual(parse(text), content);
  } catch {
    // An alias whose anchor is gone.
    return false;
  }
}
