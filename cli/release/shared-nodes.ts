import {
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  visit,
  type Alias,
  type Document,
  type Node,
  type YAMLMap,
} from "yaml";
import { expected } from "../../config/errors";

/** A YAML file whose nodes are edited. */
export interface EditedFile {
  path: string;
  /** The text that the positions of the nodes refer to. */
  original: string;
  document: Document;
}

/** Returns the plain data of a node, including the content of aliases and merges. */
export function plainOf({ document }: Pick<EditedFile, "document">, node: YAMLMap): unknown {
  return node.toJS(document);
}

/**
 * Returns the mapping at a key. If it comes from an alias or a merge, it is copied there first, so that an
 * edit changes it for this app only.
 */
export function ownMapping(file: EditedFile, parent: YAMLMap, key: string): YAMLMap | undefined {
  const node: unknown = parent.get(key, true);
  if (isMap(node)) return node as YAMLMap;
  const value = (plainOf(file, parent) as Record<string, unknown>)[key];
  if (typeof value !== "object" || value === null) return undefined;
  const copy = file.document.createNode(value, { aliasDuplicateObjects: false }) as YAMLMap;
  copy.flow = true;
  parent.set(key, copy);
  return copy;
}

/**
 * Refuses an edit of a node that other places of the file repeat through an alias.
 * @param what the node, as the file names it.
 * @throws Error that names both lines.
 */
export function refuseCopied(file: EditedFile, node: unknown, what: string): void {
  if (!isNode(node)) return;
  const inside = new Set<unknown>();
  const anchors = new Map<string, Node>();
  visit(node as YAMLMap, (_, each) => {
    inside.add(each);
    if (isNode(each) && "anchor" in each && each.anchor) anchors.set(each.anchor, each);
  });
  if (anchors.size === 0) return;
  visit(file.document, {
    Alias: (_, alias) => {
      const anchor = inside.has(alias) ? undefined : anchors.get(alias.source);
      if (anchor !== undefined) throw sharedValueError(file, anchor, alias, what);
    },
  });
}

/**
 * Refuses an edit of a key in a mapping that other places of the file repeat, unless they have the key themselves.
 * @throws Error that names both lines.
 */
export function refuseCopiedParent(
  file: EditedFile,
  parent: YAMLMap,
  key: string,
  what: string,
): void {
  const { anchor } = parent;
  if (anchor === undefined) return;
  visit(file.document, {
    Alias: (_, alias, path) => {
      if (alias.source !== anchor) return;
      // A merge may be one of a list of several.
      const pair = path.filter(isPair).at(-1);
      const into = path.filter(isMap).at(-1);
      if (pair !== undefined && isMerge(pair.key) && into?.has(key)) return;
      throw sharedValueError(file, parent, alias, what);
    },
  });
}

function sharedValueError(file: EditedFile, anchor: Node, alias: Alias, what: string): Error {
  const [at, from] = [lineOf(file, anchor), lineOf(file, alias)];
  const wanted = "a value that no alias repeats";
  const got = `the anchor &${alias.source}, which line ${from} repeats (*${alias.source})`;
  const next = `write the value out at line ${from}, and run the command again`;
  return new Error(`${file.path} line ${at}: ${what}: ${expected(wanted, got, next)}.`);
}

/**
 * Refuses a removal that has no effect because of a merge.
 * @param what the node, as the file names it.
 * @throws Error that names the line of the merge.
 */
export function refuseMerged(file: EditedFile, parent: YAMLMap, key: string, what: string): void {
  if ((plainOf(file, parent) as Record<string, unknown>)[key] === undefined) return;
  const merge = parent.items.find((pair) => isMerge(pair.key));
  const line = lineOf(file, isNode(merge?.key) ? merge.key : parent);
  const next = "remove the key from what is merged, or write the app without the merge";
  const message = expected(`no ${key} after the edit`, "one that << merges into the app", next);
  throw new Error(`${file.path} line ${line}: ${what}: ${message}.`);
}

/** Returns why a node that is an alias cannot be edited; undefined for any other node. */
export function aliasText(file: EditedFile, node: unknown, what: string): string | undefined {
  if (!isAlias(node)) return undefined;
  const got = `the alias *${node.source}`;
  const next = "write it out there, for example with <<, and run the command again";
  return `${file.path} line ${lineOf(file, node)}: ${what}: ${expected("a mapping of its own", got, next)}.`;
}

/** Whether a key is `<<`, which the parser represents as a symbol. */
function isMerge(key: unknown): boolean {
  const value: unknown = isScalar(key) ? key.value : key;
  return value === "<<" || (typeof value === "symbol" && value.description === "<<");
}

function lineOf({ original }: EditedFile, { range }: Pick<Node, "range">): number | string {
  return range ? original.slice(0, range[0]).split("\n").length : "?";
}
