import { canonical } from "../../releases/template";
import { mask, type Place } from "./masks";
import { matchItems } from "./match";
import { byName, isMoved, overlap, placeOf, valueAt } from "./places";
import { engineMark, isSecret, isSecretField, withoutNumbers } from "./secrets";
import type { Fields, Step } from "./steps";
import { isMap } from "../../config/is-map";
import { lookup } from "../../config/lookup";

/** A value that differs and is neither a map nor a list. */
export interface Leaf {
  /** For example `spec.rules[1].backendRefs[shop-stable].weight`. */
  path: string;
  /** Undefined if the field did not exist. */
  before?: unknown;
  /** Undefined if the field is removed. */
  after?: unknown;
}

interface Difference {
  path: string;
  /** Its path as keys and indexes. */
  place: Place;
  /** For a text with several lines, the first one that differs. */
  line?: number;
  before: unknown;
  after: unknown;
}

/**
 * Returns the leaves in which an object changes: from the comparison of the former and the new inputs, and from
 * what the plugin found in addition: drift, and secrets, which look the same in the events.
 */
export function changedLeaves(step: Step): Leaf[] {
  // Masked secrets look alike, so they are compared with distinguishing numbers and masked afterwards.
  const distinct = { ...step, ...step.numbered };
  const { type, before, after, found, differing } = isSecret(step.type)
    ? withData(distinct)
    : distinct;
  const seen = compare(before, after, { path: "", place: [] });
  const more = differing
    .map(({ path, asked }) => ({ path, place: placeOf(path), asked }))
    .filter(({ path }, index) => differing.findIndex((it) => it.path === path) === index)
    .filter(({ place }) => !seen.some((it) => overlap(it.place, place)))
    // The inputs were already compared, by the names of list items where the plugin uses indices.
    .filter(({ place, asked }) =>
      asked
        ? isHidden(before, place) || isHidden(after, place)
        : !isMoved(found, before, after, place),
    )
    .map(({ path, place, asked }) => ({
      path,
      place,
      line: undefined,
      before: valueAt(asked ? before : found, place),
      after: valueAt(after, place),
    }));
  return [...seen, ...more].map(({ path, place, line, before: old, after: now }) => ({
    // Even the place of a difference would reveal something about a secret.
    path: withoutNumbers(
      line === undefined || isSecretField(type, place[0]) ? path : `${path} line ${line}`,
    ),
    ...(old === undefined ? {} : { before: mask(type, place, old) }),
    ...(now === undefined ? {} : { after: mask(type, place, now) }),
  }));
}

/**
 * Returns a Secret with all of its content as `data`. The plugin stores `stringData` there as soon as it is
 * known. Before that, the data would seem to be removed, and text with the same keys to be added.
 */
function withData(step: Step): Step {
  const joined = (fields: Fields | undefined): Fields | undefined => {
    if (fields?.stringData === undefined) return fields;
    const { stringData, data, ...rest } = fields;
    const both = isMap(data) && isMap(stringData) ? { ...data, ...stringData } : stringData;
    return { ...rest, data: both };
  };
  const rename = (path: string) => path.replace(/^stringData\b/, "data");
  return {
    ...step,
    before: joined(step.before),
    after: joined(step.after),
    found: joined(step.found),
    differing: step.differing.map((it) => ({ ...it, path: rename(it.path) })),
  };
}

function compare(
  before: unknown,
  after: unknown,
  at: { path: string; place: Place },
): Difference[] {
  if (isMap(before ?? {}) && isMap(after ?? {}) && !bothEmpty(before, after)) {
    const [old, now] = [before ?? {}, after ?? {}] as Record<string, unknown>[];
    const keys = [...new Set([...Object.keys(old ?? {}), ...Object.keys(now ?? {})])].sort();
    return keys.flatMap((key) =>
      compare(lookup(old ?? {}, key), lookup(now ?? {}, key), {
        path: at.path + member(key, at.path === ""),
        place: [...at.place, key],
      }),
    );
  }
  if (Array.isArray(before ?? []) && Array.isArray(after ?? []) && !bothEmpty(before, after)) {
    return compareLists((before ?? []) as unknown[], (after ?? []) as unknown[], at);
  }
  if (canonical(before) === canonical(after)) return [];
  if (typeof before === "string" && typeof after === "string") {
    return [{ ...at, ...changedLines(before, after) }];
  }
  return [{ ...at, before, after }];
}

/** Lists of named items are compared by name, so that an inserted item does not change all others. */
function compareLists(
  before: unknown[],
  after: unknown[],
  at: { path: string; place: Place },
): Difference[] {
  const [old, now] = [byName(before), byName(after)];
  if (old === undefined || now === undefined) {
    return matchItems(before, after).flatMap(([from, to]) => {
      const index = to ?? from ?? 0;
      return compare(
        from === undefined ? undefined : before[from],
        to === undefined ? undefined : after[to],
        { path: `${at.path}[${index}]`, place: [...at.place, index] },
      );
    });
  }
  const names = [...new Set([...now.keys(), ...old.keys()])];
  const items = names.flatMap((name) =>
    compare(old.get(name)?.value, now.get(name)?.value, {
      path: `${at.path}[${name}]`,
      place: [...at.place, (now.get(name) ?? old.get(name))?.index ?? 0],
    }),
  );
  return [...items, ...reordered([...old.keys()], [...now.keys()], at)];
}

/** The order of containers and variables matters, and a plan with another order is another plan. */
function reordered(before: string[], after: string[], at: Pick<Difference, "path" | "place">) {
  const [old, now] = [
    before.filter((name) => after.includes(name)),
    after.filter((name) => before.includes(name)),
  ];
  if (canonical(old) === canonical(now)) return [];
  // No item has this place, so that what the plugin finds in the items is shown, too.
  const place = [...at.place, "order"];
  return [{ path: `${at.path} order`, place, before: old.join(", "), after: now.join(", ") }];
}

/** Returns the lines between the first and the last that differ. */
function changedLines(
  before: string,
  after: string,
): Pick<Difference, "line" | "before" | "after"> {
  const [old, now] = [before.split("\n"), after.split("\n")];
  if (old.length < 2 || now.length < 2) return { before, after };
  const shorter = Math.min(old.length, now.length);
  let head = 0;
  while (head < shorter && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  return {
    line: head + 1,
    before: old.slice(head, old.length - tail).join("\n"),
    after: now.slice(head, now.length - tail).join("\n"),
  };
}

/** Whether a value is a secret or inside one: its change is visible nowhere else. */
function isHidden(fields: Fields | undefined, place: Place): boolean {
  const value = valueAt(fields, place);
  return value !== undefined && JSON.stringify(value).includes(engineMark);
}

function member(key: string, first: boolean): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(key)) return `[${JSON.stringify(key)}]`;
  return first ? key : `.${key}`;
}

/** Whether both values are empty, for example a list that did not exist and is empty now: this is one leaf. */
function bothEmpty(before: unknown, after: unknown): boolean {
  const size = (value: unknown) => Object.keys((value ?? {}) as object).length;
  return size(before) === 0 && size(after) === 0;
}
