import fc from "fast-check";

type Json = Record<string, unknown>;

/** Keys with a special meaning in JavaScript, YAML, paths or terminals. */
const oddKeys = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "<<",
  "",
  " ",
  "a.b",
  "a\nb",
  "../../etc",
  "\u0000",
  "\u202Eshop",
  "🛒",
  "ＳＨＯＰ",
  "a".repeat(40),
  "a".repeat(41),
  "a".repeat(63),
  "a".repeat(64),
  "a".repeat(300),
  "0",
  "-1",
];

/** Boundary values of fields. */
const oddValues: unknown[] = [
  null,
  true,
  0,
  -0,
  -1,
  0.5,
  100,
  101,
  65_536,
  2 ** 53,
  1e308,
  "",
  " ",
  "0",
  "\uD800",
  "\u0000",
  "ß.example.com",
  "constructor",
  "__proto__",
  "a".repeat(64),
  "9".repeat(400),
  `${"9".repeat(400)}Gi`,
  "2026-11-21T08:00:00Z",
  "9999-99-99T99:99:99Z",
  [],
  [[]],
  [null],
  {},
];

const key = fc.oneof(fc.constantFrom(...oddKeys), fc.string({ unit: "grapheme", maxLength: 70 }));

/** Any JSON value. */
export const anyValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...oddValues) },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 4 }) },
  { weight: 1, arbitrary: fc.array(key, { maxLength: 5 }) },
  { weight: 1, arbitrary: fc.array(fc.tuple(key, fc.jsonValue()), { maxLength: 5 }).map(mapOf) },
);

/** Any sections, including known ones. */
export function anySections(names: string[]): fc.Arbitrary<Json> {
  const section = fc.oneof(fc.constantFrom(...names), key);
  return fc.array(fc.tuple(section, anyValue), { maxLength: 12 }).map(mapOf);
}

/** A config with some fields changed, removed, added or renamed anywhere. */
export function mutated(config: Json): fc.Arbitrary<Json> {
  const valid = JSON.stringify(config);
  const edit = fc.record({
    where: fc.nat(),
    what: fc.constantFrom("set", "delete", "add", "rename"),
    key,
    value: anyValue,
  });
  return fc.array(edit, { minLength: 1, maxLength: 4 }).map((edits) => {
    const copy = JSON.parse(valid) as Json;
    for (const { where, what, key: name, value } of edits) {
      const places = placesIn(copy);
      const place = places[where % places.length];
      if (place === undefined) break;
      const { parent, field } = place;
      if (what === "delete") delete parent[field];
      else if (what === "set") put(parent, field, value);
      else if (what === "add") put(parent, name, value);
      else {
        const moved = parent[field];
        delete parent[field];
        put(parent, name, moved);
      }
    }
    return copy;
  });
}

/** Returns every field of a value, with its parent. */
export function placesIn(value: unknown): { parent: Json; field: string }[] {
  if (typeof value !== "object" || value === null) return [];
  const parent = value as Json;
  return Object.keys(parent).flatMap((field) => [{ parent, field }, ...placesIn(parent[field])]);
}

function mapOf(entries: [string, unknown][]): Json {
  const map: Json = {};
  for (const [name, value] of entries) put(map, name, value);
  return map;
}

/** Like JSON.parse: `__proto__` becomes an ordinary field. */
function put(map: Json, field: string, value: unknown): void {
  // The length of a list is not an entry, and cannot be redefined.
  if (Array.isArray(map) && field === "length") return;
  Object.defineProperty(map, field, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}
