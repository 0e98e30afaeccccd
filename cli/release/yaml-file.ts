import type { Document } from "yaml";
import { readYaml } from "../../config/yaml";
import { replaceFile } from "../../local/toolchain/replace-file";

/** A YAML file, edited in place: comments, order and style of all else stay. */
export class YamlFile {
  document: Document;
  /** The text as it was read. */
  readonly original: string;

  /** @throws Error when the file is missing or is no YAML. */
  constructor(readonly path: string) {
    const { text, document } = readYaml(path);
    this.original = text;
    this.document = document;
  }

  /** The file's text as it now stands. */
  text(): string {
    // The engine writes {a: b}, people often { a: b }: whichever the file has, it keeps.
    const flowCollectionPadding = !/\{\S/.test(this.original);
    return this.document.toString({ lineWidth: 0, flowCollectionPadding });
  }

  /** Writes the file whole, or not at all. */
  save(): void {
    replaceFile(this.path, this.text());
  }

  /** Forgets every edit that was not saved. */
  reload(): void {
    this.document = readYaml(this.path).document;
  }

  /** Puts the text back that was read. */
  restore(): void {
    replaceFile(this.path, this.original);
  }
}
