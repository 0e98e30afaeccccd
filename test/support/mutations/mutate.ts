import { isDeepStrictEqual } from "node:util";
import type { Base, Values } from "./base";
import type { Random } from "./random";
import { oddNumbers, oddValues } from "./odd";
import { slips } from "./slips";
import { texts } from "./texts";

type Path = (string | number)[];
type Holder = Record<string | number, unknown>;

/** A change at one place of a config. */
export type Edit =
  | { what: "set"; path: Path; value: unknown }
  | { what: "delete"; path: Path }
  | { what: "rename"; path: Path; to: string };

/** A base with edits: a config that nobody wrote. */
export interface Mutation {
  base: Base;
  edits: Edit[];
}

/** A place in a config, and its value. */
interface Place {
  path: Path;
  value: unknown;
}

/** Creates mutations of bases, deterministic for a seed. */
export class Mutations {
  private readonly places: Map<Base, Place[]>;
  private readonly pool: Place[];

  constructor(
    private readonly bases: readonly Base[],
    private readonly random: Random,
  ) {
    this.places = new Map(bases.map((base, at) => [base, placesIn(base, at)]));
    this.pool = bases.flatMap((base) => this.places.get(base) ?? []);
  }

  /** Returns a mutation of any base; all places of all bases are equally likely. */
  next(): Mutation {
    const base = this.anyBase();
    const count = this.random.chance(85) ? 1 : 2;
    const edits = Array.from({ length: count }, () => this.edit(base));
    const isSame = isDeepStrictEqual(applied(base, edits), base.values);
    return isSame ? this.next() : { base, edits };
  }

  /** Returns a base with a probability proportional to its number of places. */
  private anyBase(): Base {
    let at = this.random.below(this.pool.length);
    for (const base of this.bases) {
      const { length } = this.places.get(base) ?? [];
      if (at < length) return base;
      at -= length;
    }
    return this.random.pick(this.bases);
  }

  private edit(base: Base): Edit {
    const { path, value } = this.random.pick(this.places.get(base) ?? []);
    const roll = this.random.below(100);
    if (roll < 5) return { what: "delete", path };
    if (roll < 12) return { what: "set", path, value: this.random.pick(oddValues) };
    if (roll < 18) return { what: "set", path, value: this.random.pick(this.pool).value };
    if (roll < 24) return { what: "set", path, value: this.sameKey(path) };
    const key = path.at(-1);
    if (roll < 34 && typeof key === "string") return { what: "rename", path, to: this.text(key) };
    return { what: "set", path, value: this.like(value) };
  }

  /** Returns the value of a key with this name elsewhere. */
  private sameKey(path: Path): unknown {
    const key = path.at(-1);
    return this.random.pick(this.pool.filter((place) => place.path.at(-1) === key)).value;
  }

  /** Returns an unusual value of the same type. */
  private like(value: unknown): unknown {
    if (typeof value === "string") return this.text(value);
    if (typeof value === "number") return this.number(value);
    if (typeof value === "boolean") return !value;
    if (Array.isArray(value)) return this.list(value);
    return this.map(value as Holder);
  }

  private text(text: string): string {
    const roll = this.random.below(10);
    if (roll < 3) return this.random.pick(slips)(text);
    const kinds = Object.values(texts);
    const fitting = kinds.filter(({ like }) => like.test(text));
    return this.random.pick(this.random.pick(roll < 8 ? fitting : kinds).values);
  }

  private number(value: number): number {
    const near = [value + 1, value - 1, value * 10, value / 2, -value];
    return this.random.pick(this.random.chance(30) ? near : oddNumbers);
  }

  private list(items: unknown[]): unknown[] {
    const [first] = items;
    const other = first === undefined ? "a" : this.like(first);
    return this.random.pick([
      [...items, ...items],
      [...items, other],
      [other, ...items],
      [...items].reverse(),
      Array.from({ length: 70 }, (_, at) => (typeof first === "number" ? first + at : first)),
      [],
    ]);
  }

  private map(entries: Holder): Holder {
    const keys = Object.keys(entries);
    if (keys.length === 0) return { [this.text("a")]: this.text("b") };
    const like = this.random.pick(keys);
    return { ...entries, [this.text(like)]: entries[like] };
  }
}

/** Applies edits to a config; an edit whose place another edit removed does nothing. */
export function applied({ values }: Base, edits: readonly Edit[]): Values {
  const copy = structuredClone(values);
  for (const edit of edits) apply(copy, edit);
  return copy;
}

/** Whether two mutations change places of which none contains another. */
export function areApart(first: readonly Edit[], second: readonly Edit[]): boolean {
  return first.every((one) => second.every((other) => !holds(one, other) && !holds(other, one)));
}

function holds({ path }: Edit, { path: other }: Edit): boolean {
  return path.every((part, at) => part === other[at]);
}

/** Returns a text such as `set apps.shop.port to 0`. */
export function titleOf({ base, edits }: Mutation): string {
  const texts = edits.map((edit) => {
    const place = edit.path.join(" ");
    if (edit.what === "delete") return `without ${place}`;
    const to = edit.what === "set" ? edit.value : edit.to;
    const text = JSON.stringify(to);
    const end = text.length > 120 ? `${text.slice(0, 120)}… (${text.length})` : text;
    return `${edit.what} ${place} to ${end}`;
  });
  return `${base.name}: ${texts.join(", ")}`;
}

function apply(values: Values, edit: Edit): void {
  let parent: Holder = values;
  for (const part of edit.path.slice(0, -1)) {
    const inner = parent[part];
    if (typeof inner !== "object" || inner === null) return;
    parent = inner as Holder;
  }
  const key = edit.path.at(-1) ?? "";
  if (edit.what === "set") put(parent, key, structuredClone(edit.value));
  else if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else if (Object.hasOwn(parent, key)) {
    const value = parent[key];
    delete parent[key];
    if (edit.what === "rename") put(parent, edit.to, value);
  }
}

/** Like JSON.parse: `__proto__` becomes an ordinary key. */
function put(map: Holder, key: string | number, value: unknown): void {
  // The length of a list is not an entry.
  if (Array.isArray(map) && key === "length") return;
  const always = { enumerable: true, configurable: true, writable: true };
  Object.defineProperty(map, key, { value, ...always });
}

/** Values that all bases have in common need not be mutated in each of them. */
function placesIn({ values }: Base, at: number): Place[] {
  return placesOf(values).filter(({ path }) => at === 0 || path[0] !== "cluster");
}

function placesOf(value: unknown, path: Path = []): Place[] {
  const own = path.length === 0 ? [] : [{ path, value }];
  if (typeof value !== "object" || value === null) return own;
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [...own, ...entries.flatMap(([key, inner]) => placesOf(inner, [...path, key]))];
}
