import { Document, isScalar, YAMLMap, YAMLSeq, type Node, type Pair } from "yaml";

/** Writes nodes as the YAML library does, each value in one line where possible. */
export class Writer {
  /**
   * @param document whose schema the nodes have.
   * @param padded whether to write `{ a: b }` instead of `{a: b}`.
   */
  constructor(
    readonly document: Document,
    private readonly padded: boolean,
  ) {}

  /** Returns `key: value`, without the comments before the key. */
  pair({ key, value }: Pair, flow: boolean): string {
    const map = new YAMLMap();
    map.flow = flow;
    const plainKey = isScalar(key) ? withoutComments(key) : key;
    map.add({ key: plainKey, value } as Pair);
    return flow ? this.inside(map) : this.text(map);
  }

  /** Returns an item of a list, in block style with its dash. */
  item(value: unknown, flow: boolean): string {
    const list = new YAMLSeq();
    list.flow = flow;
    list.add(value);
    return flow ? this.inside(list) : this.text(list);
  }

  /** Returns a value without the comments around it. */
  value(node: Node): string {
    return this.text(withoutComments(node));
  }

  private inside(collection: YAMLMap | YAMLSeq): string {
    return this.text(collection).slice(1, -1).trim();
  }

  private text(node: Node): string {
    const document = new Document(null);
    document.schema = this.document.schema;
    document.contents = node;
    return document
      .toString({ lineWidth: 0, flowCollectionPadding: this.padded, verifyAliasOrder: false })
      .replace(/\n$/, "");
  }
}

function withoutComments<T extends Node>(node: T): T {
  const copy = node.clone() as T;
  copy.commentBefore = undefined;
  copy.comment = undefined;
  copy.spaceBefore = undefined;
  return copy;
}
