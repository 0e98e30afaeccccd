import {
  isMap,
  Secret,
  UNKNOWN,
  unwrapSecrets,
  type PropertyMap,
  type PropertyValue,
} from "../shared/values";
import type { KubernetesObject } from "./objects";

/** Fields that the API server fills in and that no input ever is. */
const serverMetadata = [
  "uid",
  "resourceVersion",
  "generation",
  "creationTimestamp",
  "managedFields",
  "selfLink",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
];

/**
 * The inputs as the live object has them: every field that the program set, with the value it has
 * now. What others added, or the server filled in, is theirs and does not show.
 */
export function liveInputs(inputs: PropertyMap, live: KubernetesObject): PropertyMap {
  const current = live as unknown as PropertyMap;
  const projected = project(inputs, withText(inputs, current));
  return isMap(projected) ? projected : {};
}

/** The inputs that would make an object which no program made: for an import, or a read. */
export function importedInputs(live: KubernetesObject): PropertyMap {
  const { metadata, ...rest } = live as unknown as PropertyMap;
  delete rest.status;
  const kept = Object.entries(metadata as PropertyMap).filter(
    ([key]) => !serverMetadata.includes(key),
  );
  return { ...rest, metadata: Object.fromEntries(kept) };
}

/** A Secret's `stringData` never comes back; what it said stands in `data`. */
function withText(inputs: PropertyMap, live: PropertyMap): PropertyMap {
  const { stringData } = unwrapSecrets(inputs);
  if (live.kind !== "Secret" || !isMap(stringData) || !isMap(live.data)) return live;
  const { data } = live;
  const texts = Object.keys(stringData).flatMap((key): [string, string][] => {
    const value = isMap(data) ? data[key] : undefined;
    return typeof value === "string" ? [[key, Buffer.from(value, "base64").toString()]] : [];
  });
  return { ...live, stringData: Object.fromEntries(texts) };
}

function project(input: PropertyValue, live: PropertyValue | undefined): PropertyValue | undefined {
  if (input instanceof Secret) {
    const value = project(input.value, live);
    return value === undefined ? undefined : new Secret(value);
  }
  if (input === UNKNOWN || live === undefined) return live;
  if (isMap(input) && isMap(live)) {
    return Object.fromEntries(
      Object.entries(input).flatMap(([key, value]) => {
        const found = project(value, Object.hasOwn(live, key) ? live[key] : undefined);
        // The API leaves out what is empty, which is no change of an empty input.
        if (found === undefined) return isEmpty(value) ? [[key, value]] : [];
        return [[key, found]];
      }),
    );
  }
  if (Array.isArray(input) && Array.isArray(live)) {
    const shared = live.map((item, index) =>
      index < input.length ? (project(input[index] ?? null, item) ?? null) : item,
    );
    return shared;
  }
  return sameQuantity(input, live) ? input : live;
}

function isEmpty(value: PropertyValue): boolean {
  const plain = unwrapSecrets(value);
  if (plain === null || plain === "" || plain === false || plain === 0) return true;
  if (Array.isArray(plain)) return plain.length === 0;
  return isMap(plain) && Object.values(plain).every(isEmpty);
}

/** The API server writes quantities and durations its own way: `0.5` comes back as `500m`. */
function sameQuantity(input: PropertyValue, live: PropertyValue): boolean {
  if (typeof input === "number" && typeof live === "string") return String(input) === live;
  if (typeof input !== "string" || typeof live !== "string" || input === live) return false;
  const [a, b] = [quantity(input), quantity(live)];
  return a !== undefined && a === b;
}

const factors: Record<string, number> = {
  "": 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

function quantity(text: string): number | undefined {
  const [, number, unit] = /^(\d+(?:\.\d+)?)([a-zA-Z]{0,2})$/.exec(text) ?? [];
  const factor = factors[unit ?? ""];
  return number === undefined || factor === undefined ? undefined : Number(number) * factor;
}
