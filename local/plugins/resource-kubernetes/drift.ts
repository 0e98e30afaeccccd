import {
  isMap,
  Secret,
  UNKNOWN,
  unwrapSecrets,
  type PropertyMap,
  type PropertyValue,
} from "../shared/values";
import type { KubernetesObject } from "./objects";
import { isQuantityAt, sameQuantity } from "./quantity";
import { withoutText } from "./secret-data";

/** Fields that the API server sets and that are never inputs. */
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
 * Returns the inputs with the live object's values: every field that the program set, with its current value. Fields of
 * other writers and of the server are not included.
 */
export function liveInputs(inputs: PropertyMap, live: KubernetesObject): PropertyMap {
  const projected = project(withoutText(inputs), live as unknown as PropertyMap, []);
  return isMap(projected) ? projected : {};
}

/** Returns inputs that would create an existing object, for an import or a read. */
export function importedInputs(live: KubernetesObject): PropertyMap {
  const { metadata, ...rest } = live as unknown as PropertyMap;
  delete rest.status;
  const kept = Object.entries(metadata as PropertyMap).filter(
    ([key]) => !serverMetadata.includes(key),
  );
  // The engine stores inputs as they are, so the content of a Secret must be marked as secret.
  if (rest.kind === "Secret" && rest.data !== undefined) rest.data = new Secret(rest.data);
  return { ...rest, metadata: Object.fromEntries(kept) };
}

function project(
  input: PropertyValue,
  live: PropertyValue | undefined,
  keys: string[],
): PropertyValue | undefined {
  if (input instanceof Secret) {
    const value = project(input.value, live, keys);
    return value === undefined ? undefined : new Secret(value);
  }
  // The program does not own fields that it leaves null.
  if (input === null) return null;
  if (input === UNKNOWN || live === undefined) return live;
  if (isMap(input) && isMap(live)) {
    return Object.fromEntries(
      Object.entries(input).flatMap(([key, value]) => {
        const current = Object.hasOwn(live, key) ? live[key] : undefined;
        const found = project(value, current, [...keys, key]);
        // The API omits empty values, so a missing value equals an empty input.
        if (found === undefined) return isEmpty(value) ? [[key, value]] : [];
        return [[key, found]];
      }),
    );
  }
  if (Array.isArray(input) && Array.isArray(live)) {
    return live.map((item, index) =>
      index < input.length ? (project(input[index] ?? null, item, keys) ?? null) : item,
    );
  }
  return isSame(input, live, keys) ? input : live;
}

/** The API server normalizes quantities: `0.5` becomes `500m`. */
function isSame(input: PropertyValue, live: PropertyValue, keys: string[]): boolean {
  if (typeof live !== "string" || !isQuantityAt(keys)) return false;
  if (typeof input !== "string" && typeof input !== "number") return false;
  return sameQuantity(String(input), live);
}

function isEmpty(value: PropertyValue): boolean {
  const plain = unwrapSecrets(value);
  if (plain === null || plain === "" || plain === false || plain === 0) return true;
  if (Array.isArray(plain)) return plain.length === 0;
  return isMap(plain) && Object.values(plain).every(isEmpty);
}
