import { isAlias, isMap, isNode, isScalar, isSeq } from "yaml";
import type { Document, Node, Pair, YAMLMap, YAMLSeq } from "yaml";

/** Returns the value of a pair or an item as a node; an edit may have set plain data. */
export function nodeOf(value: unknown, document: Document): Node {
  return isNode(value) ? value : (document.createNode(value) as Node);
}

/** Returns what identifies a key of a mapping. A merge key is a symbol. */
export function keyName(key: unknown): string {
  const value: unknown = isScalar(key) ? key.value : key;
  return `${typeof value} ${String(value)}`;
}

/** Whether two values are written with the same content, aliases and anchors. The order of keys does not matter. */
export function areEqual(a: unknown, b: unknown): boolean {
  const [left, right] = [a, b].map((node) => (isScalar(node) && !node.anchor ? node.value : node));
  if (Object.is(left, right)) return true;
  if (isAlias(left)) return isAlias(right) && left.source === right.source;
  if (!isNode(left) || !isNode(right) || anchorOf(left) !== anchorOf(right)) return false;
  if (isScalar(left)) return isScalar(right) && Object.is(left.value, right.value);
  if (isSeq(left)) {
    return isSeq(right) && areAllEqual(left.items, right.items);
  }
  if (!isMap(left) || !isMap(right) || left.items.length !== right.items.length) return false;
  const others = pairsByKey(right);
  return left.items.every((pair) => {
    const other = others.get(keyName(pair.key));
    return other !== undefined && areEqual(pair.value, other.value);
  });
}

function areAllEqual(left: unknown[], right: unknown[]): boolean {
  return left.length === right.length && left.every((item, index) => areEqual(item, right[index]));
}

/** Returns the pairs of a mapping by {@link keyName}. */
export function pairsByKey(map: YAMLMap): Map<string, Pair> {
  return new Map(map.items.map((pair) => [keyName(pair.key), pair]));
}

export function anchorOf(node: unknown): string | undefined {
  return isNode(node) && "anchor" in node ? node.anchor : undefined;
}

/** Whether a node is a mapping or a list in block style. */
export function isBlock(node: unknown): node is YAMLMap | YAMLSeq {
  return (isMap(node) || isSeq(node)) && node.flow !== true;
}
