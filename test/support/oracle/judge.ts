import type { Said, SaidLeaf, SaidStep } from "./said";
import { changedPaths, fieldsOf, pathKey, type Live, type LiveObject, type Path } from "./live";

/** Returns the title of the object of a Kubernetes resource, from the state; undefined for other resources. */
export type TitleOf = (urn: string) => string | undefined;

/** Fields of an object by their paths. */
type Fields = ReadonlyMap<string, unknown>;

/** The cluster and the state before an update, or after it. */
export interface Moment {
  live: Live;
  titleOf: TitleOf;
  /** Number of real resources in the state. */
  resources: number;
}

/** Returns how a preview differs from what the update did, a sentence each. */
export function differences(said: Said, before: Moment, after: Moment): string[] {
  const steps = said.steps.filter(({ urn }) => urn.includes("kubernetes:"));
  const titles = (op: SaidStep["op"], { titleOf }: Moment) =>
    steps.filter((step) => step.op === op).map(({ urn }) => titleOf(urn) ?? `unknown ${urn}`);
  const replaced = steps.filter(({ op }) => op === "replace");
  const [old, now] = [before, after].map(({ titleOf }) =>
    replaced.map(({ urn }) => titleOf(urn) ?? `unknown ${urn}`),
  ) as [string[], string[]];
  const both = [...before.live].flatMap(([title, object]) => {
    const next = after.live.get(title);
    return next === undefined ? [] : [{ title, object, next }];
  });
  const anew = both.filter(({ object, next }) => object.metadata.uid !== next.metadata.uid);
  const made = [...after.live.keys()].filter((title) => !before.live.has(title));
  const gone = [...before.live.keys()].filter((title) => !after.live.has(title));
  const created = [...titles("create", after), ...now];
  const deleted = [...titles("delete", before), ...old];
  return [
    ...compared("create", created, [...made, ...anew.map(({ title }) => title)]),
    ...compared("delete", deleted, [...gone, ...anew.map(({ title }) => title)]),
    ...both
      .filter(({ title }) => !anew.some((it) => it.title === title))
      .flatMap(({ title, object, next }) => {
        const step = steps.find(({ op, urn }) => op === "update" && after.titleOf(urn) === title);
        return fieldDifferences(title, step, [object, before.live], [next, after.live]);
      }),
    ...countDifferences(said, before, after),
  ];
}

/** Returns what is not as it was, a sentence each: uids and generations may differ. */
export function notAsBefore(before: Live, after: Live): string[] {
  return [
    ...[...before.keys()].filter((it) => !after.has(it)).map((it) => `${it} is missing`),
    ...[...after.keys()].filter((it) => !before.has(it)).map((it) => `${it} is still there`),
    ...[...before].flatMap(([title, object]) => {
      const now = after.get(title);
      if (now === undefined) return [];
      const [old, is] = [fieldsOf(object, before), fieldsOf(now, after)];
      return changedPaths(old, is).map(
        (key) =>
          `${title} ${key.split("\u0001").join(".")}: ${shown(old.get(key))} → ${shown(is.get(key))}`,
      );
    }),
  ].map((text) => `after the undo, ${text}`);
}

function compared(verb: string, said: readonly string[], done: readonly string[]): string[] {
  return [
    ...said.filter((it) => !done.includes(it)).map((it) => `said to ${verb} ${it}, but did not`),
    ...done.filter((it) => !said.includes(it)).map((it) => `did ${verb} ${it} without saying so`),
  ];
}

/** Compares the numbers of the comment with the state: it also has resources that are no Kubernetes objects. */
function countDifferences({ counts, unchanged }: Said, before: Moment, after: Moment): string[] {
  const grown = after.resources - before.resources;
  const left = before.resources - counts.delete - counts.update;
  return [
    ...(counts.create - counts.delete === grown
      ? []
      : [`said ${counts.create} - ${counts.delete} more resources, got ${grown} more`]),
    ...(left === unchanged ? [] : [`said ${unchanged} unchanged, expected ${left}`]),
  ];
}

function fieldDifferences(
  title: string,
  step: SaidStep | undefined,
  [old, oldLive]: [LiveObject, Live],
  [now, nowLive]: [LiveObject, Live],
): string[] {
  const [before, after] = [fieldsOf(old, oldLive), fieldsOf(now, nowLive)];
  const changed = changedPaths(before, after).map((key) => key.split("\u0001"));
  // The API server does not keep empty lists.
  const leaves = (step?.leaves ?? []).filter(
    (leaf) => !isEmpty(leaf.before) || !isEmpty(leaf.after),
  );
  const unsaid = changed.filter(
    (path) =>
      !leaves.some((leaf) => overlap(pathOf(leaf), path) || isDefaultOf(leaf, path, before, after)),
  );
  const undone = leaves.filter((leaf) => !changed.some((path) => overlap(pathOf(leaf), path)));
  const text = (path: Path) =>
    `${path.join(".")}: ${shown(before.get(pathKey(path)))} → ${shown(after.get(pathKey(path)))}`;
  return [
    ...unsaid.map((path) => `changed ${title} ${text(path)} without saying so`),
    ...undone.map((leaf) => `said that ${title} changes ${leafText(leaf)}, but it did not`),
    ...leaves
      .filter((leaf) => !undone.includes(leaf) && !hasValue(after, leaf))
      .map((leaf) => `said that ${title} changes ${leafText(leaf)}, but it has another value`),
  ];
}

function isEmpty(value: unknown): boolean {
  return (
    value === undefined || (typeof value === "object" && Object.keys(value ?? {}).length === 0)
  );
}

/** Whether a field is a default of the API server that comes or goes with the item that a preview names. */
function isDefaultOf(leaf: SaidLeaf, path: Path, before: Fields, after: Fields): boolean {
  const parent = pathOf(leaf).slice(0, -1);
  const key = pathKey(path);
  const goes = leaf.after === undefined && !after.has(key);
  const comes = leaf.before === undefined && !before.has(key);
  return (goes || comes) && parent.length < path.length && overlap(parent, path);
}

/** Whether a field has the value that a preview said, as far as the preview shows it. */
function hasValue(after: Fields, leaf: SaidLeaf): boolean {
  const path = pathOf(leaf);
  const at = [...after].filter(([key]) => {
    const place = key.split("\u0001");
    return place.length === path.length && overlap(path, place);
  });
  if (typeof leaf.after === "object" || at.length === 0) return true;
  // Other items of a list without names may still have the value.
  if (leaf.after === undefined && path.includes("*")) return true;
  if (leaf.after === undefined) return !at.every(([, value]) => value === leaf.before);
  const isLine = / line \d+$/.test(leaf.path);
  return at.some(([, value]) =>
    isLine ? String(value).includes(String(leaf.after)) : String(value) === String(leaf.after),
  );
}

/** Returns the path of a changed field, with `*` for items without names. */
function pathOf({ path }: SaidLeaf): Path {
  const parts = path
    .replace(/ line \d+$/, "")
    .matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|\[([^\]]*)\]|([^.[\]]+)/g);
  return [...parts].map(([, quoted, index, name, key]) =>
    index !== undefined ? "*" : (quoted?.replaceAll(/\\(.)/g, "$1") ?? name ?? key ?? ""),
  );
}

/** Whether one path is equal to the other, or contains it. */
function overlap(one: Path, other: Path): boolean {
  const length = Math.min(one.length, other.length);
  const isSame = (a: string, b: string) => a === b || a.startsWith("*") || b.startsWith("*");
  return one.slice(0, length).every((part, index) => isSame(part, other[index] ?? ""));
}

function leafText({ path, before, after }: SaidLeaf): string {
  return `${path}: ${shown(before)} → ${shown(after)}`;
}

function shown(value: unknown): string {
  return JSON.stringify(value) ?? "(none)";
}
