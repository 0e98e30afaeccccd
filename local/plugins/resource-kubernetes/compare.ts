import { detailedDiff, type PropertyChange } from "../shared/diff";
import { unwrapSecrets, UNKNOWN, type PropertyMap, type PropertyValue } from "../shared/values";
import { liveInputs } from "./drift";
import { autonamed } from "./naming";
import { annotation, idOf, nameOf, type KubernetesObject } from "./objects";
import { replaces } from "./replace";
import { withoutText } from "./secret-data";

/** A resource as the state has it. */
export interface Recorded {
  inputs: PropertyMap;
  /** The object, as it was when it was last made, changed or read. */
  outputs: PropertyMap;
}

/** A change with what it means for the object. */
export interface ObjectChange extends PropertyChange {
  replace: boolean;
}

/** What differs, and whether another object must wait until the old one is gone. */
export interface Comparison {
  changes: ObjectChange[];
  deleteFirst: boolean;
}

/**
 * Compares an object as it was last seen with what it is to be: what another writer made of a field
 * that the program sets is a difference, what the program leaves open is none.
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
    // Two objects of one name cannot be there at once.
    deleteFirst:
      idOf(former) === idOf(name) &&
      former.kind === name.kind &&
      annotation(next, autonamed) !== "true",
  };
}

/** The fields that the program set, with the values that the object had. */
function lastSeen({ inputs, outputs }: Recorded): PropertyMap {
  const asked = withoutText(inputs);
  // A state that was written by hand, or of an object that was never made.
  if (outputs.metadata === undefined) return asked;
  return liveInputs(asked, unwrapSecrets(outputs) as unknown as KubernetesObject);
}

/** The engine hides a property that depends on what is replaced: its namespace may be another one. */
function isUnknownMetadata({ path, kind }: PropertyChange, next: PropertyMap): boolean {
  return path === "metadata" && (kind === "delete" || next.metadata === UNKNOWN);
}

/** Where a change is: its own path, and the paths of all that comes with it. */
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

/** `key` below `path`; the official plugin quotes only what would otherwise end a key. */
export function childPath(path: string, key: string | number): string {
  if (typeof key === "number") return `${path}[${key}]`;
  if (/[."[\]]/.test(key)) return `${path}["${key.replaceAll('"', '\\"')}"]`;
  return path === "" ? key : `${path}.${key}`;
}
