import { detailedDiff, type PropertyChange } from "../shared/diff";
import { unwrapSecrets, UNKNOWN, type PropertyMap, type PropertyValue } from "../shared/values";
import { liveInputs } from "./drift";
import { autonamed } from "./naming";
import { annotation, idOf, nameOf, type KubernetesObject } from "./objects";
import { replaces } from "./replace";
import { withoutText } from "./secret-data";

/** A resource in the state. */
export interface Recorded {
  inputs: PropertyMap;
  /** The object when it was last created, updated or read. */
  outputs: PropertyMap;
}

/** A change of a property, and its effect on the object. */
export interface ObjectChange extends PropertyChange {
  replace: boolean;
}

/** The differences, and whether the replacement must wait for the deletion. */
export interface Comparison {
  changes: ObjectChange[];
  deleteFirst: boolean;
}

/**
 * Compares an object as it was last seen with the new inputs. A field that the program sets and another writer changed
 * is a difference; a field that the program does not set is not.
 */
export function compared(type: string, old: Recorded, inputs: PropertyMap): Comparison {
  const before = lastSeen(old);
  const next = withoutText(inputs);
  const changes = detailedDiff(before, next, childPath);
  if (changes.length === 0) return { changes: [], deleteFirst: false };
  const name = nameOf(next, type);
  const former = nameOf(before, type);
  const plain = unwrapSecrets(next);
  return {
    changes: changes.map((change) => ({
      ...change,
      replace:
        isUnknownMetadata(change, plain) ||
        pathsOf(change, plain).some((path) => replaces(path, name, plain.immutable === true)),
    })),
    // Two objects cannot have the same name at the same time.
    deleteFirst:
      idOf(former) === idOf(name) &&
      former.kind === name.kind &&
      annotation(next, autonamed) !== "true",
  };
}

/** Returns the fields that the program set, with their last seen values. */
function lastSeen({ inputs, outputs }: Recorded): PropertyMap {
  const asked = withoutText(inputs);
  // The state of an object that was never created, or was written by hand.
  if (outputs.metadata === undefined) return asked;
  return liveInputs(asked, unwrapSecrets(outputs) as unknown as KubernetesObject);
}

/** The engine hides a property that depends on a replaced resource: its namespace may change. */
function isUnknownMetadata({ path, kind }: PropertyChange, next: PropertyMap): boolean {
  return path === "metadata" && (kind === "delete" || next.metadata === UNKNOWN);
}

/** Returns the path of a change, and the paths inside it. */
function pathsOf({ path, kind, keys }: PropertyChange, next: PropertyMap): string[] {
  if (kind === "delete") return [path];
  return [path, ...below(path, valueAt(next, keys))];
}

function below(path: string, value: PropertyValue | undefined): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value as PropertyMap).flatMap(([key, part]) => {
    const child = childPath(path, Array.isArray(value) ? Number(key) : key);
    return [child, ...below(child, part)];
  });
}

function valueAt(
  value: PropertyValue | undefined,
  keys: readonly (string | number)[],
): PropertyValue | undefined {
  return keys.reduce<PropertyValue | undefined>(
    (part, key) =>
      typeof part === "object" && part !== null ? (part as PropertyMap)[key] : undefined,
    value,
  );
}

/** Returns `key` below `path`; the official plugin quotes only keys that would otherwise be ambiguous. */
export function childPath(path: string, key: string | number): string {
  if (typeof key === "number") return `${path}[${key}]`;
  if (/[."[\]]/.test(key)) return `${path}["${key.replaceAll('"', '\\"')}"]`;
  return path === "" ? key : `${path}.${key}`;
}
