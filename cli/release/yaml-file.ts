import { isDeepStrictEqual } from "node:util";
import { isScalar, parseDocument, stringify, type Document } from "yaml";
import { readYaml } from "../../config/yaml";
import { characterProblem } from "../../config/yaml-text";
import { replaceFile } from "../../local/toolchain/replace-file";

/** A YAML file that is edited in place: comments, order and style of everything else stay. */
export class YamlFile {
  document: Document;
  /** The text as it was read. */
  readonly original: string;
  /** The text with the replaced scalars; outdated after any other edit. */
  private spliced: string;

  /**
   * @throws Error if the file is missing or is not YAML.
   */
  constructor(readonly path: string) {
    const { text, document } = readYaml(path);
    this.original = text;
    this.spliced = text;
    this.document = document;
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
    this.spliced = `${former.slice(0, start)}${text}${former.slice(end)}`;
  }

  /** Returns the text of the file, including unsaved edits. */
  text(): string {
    if (isDeepStrictEqual(parse(this.spliced), this.document.toJS())) return this.spliced;
    const written = this.document.toString({ lineWidth: 0, flowCollectionPadding: true });
    const kept = withFormerPadding(written, this.original);
    const same = isDeepStrictEqual(parse(kept), parse(written));
    return same ? kept : written;
  }

  /**
   * Writes the file completely or not at all.
   * @throws Error if a value has a character that no parser of the file would accept.
   */
  save(): void {
    const text = this.text();
    const problem = characterProblem(text);
    if (problem !== undefined) throw new Error(`${this.path} cannot be written: ${problem}.`);
    replaceFile(this.path, text);
  }

  /** Discards unsaved edits. */
  reload(): void {
    this.document = readYaml(this.path).document;
  }

  /** Restores the text that was read. */
  restore(): void {
    replaceFile(this.path, this.original);
  }
}

/** Returns a text with the padding of the former one: the engine writes `{a: b}`, people often `{ a: b }`. */
function withFormerPadding(text: string, former: string): string {
  const formerLines = new Map<string, string[]>();
  for (const line of former.split("\n")) {
    formerLines.set(unpadded(line), [...(formerLines.get(unpadded(line)) ?? []), line]);
  }
  const count = (pattern: RegExp) => former.match(pattern)?.length ?? 0;
  const isTight = count(/\{\S/g) > count(/\{ \S/g);
  return text
    .split("\n")
    .map((line) => formerLines.get(unpadded(line))?.shift() ?? (isTight ? unpadded(line) : line))
    .join("\n");
}

function unpadded(line: string): string {
  return line.replace(/(?<=[{[]) +/g, "").replace(/(?<=\S) +(?=[\]}])/g, "");
}

function parse(text: string): unknown {
  return parseDocument(text, { merge: true, logLevel: "silent" }).toJS({ maxAliasCount: -1 });
}
