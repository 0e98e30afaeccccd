import { detailedDiff } from "../shared/diff";
import type { CheckFailure, ResourceHandler } from "../shared/provider";
import {
  containsUnknown,
  isMap,
  PropertyMap,
  PropertyValue,
  Secret,
  UNKNOWN,
  unwrapSecrets,
} from "../shared/values";

/** Type of a property. */
export type InputType = "string" | "boolean" | "integer" | "strings" | "map";

/** A property that a program sets. */
export interface InputSpec {
  type: InputType;
  required?: boolean;
  /** Value if the program sets none. */
  default?: PropertyValue;
  /** Smallest number. */
  min?: number;
}

/** A type of random resource: generated once, and kept until an input changes. */
export interface RandomKind {
  inputs: { readonly [name: string]: InputSpec };
  /** Generated outputs by name; `secret` ones are encrypted in the state. */
  outputs: { readonly [name: string]: "plain" | "secret" };
  /** Validates several inputs together; they are plain, with defaults. One sentence per failure. */
  check?: (inputs: PropertyMap) => CheckFailure[];
  /** Adds derived inputs to the state. */
  derive?: (inputs: PropertyMap) => PropertyMap;
  /** Generates the outputs and the ID from plain inputs with defaults. */
  generate(inputs: PropertyMap): { id: string; outputs: PropertyMap };
  /** Returns inputs and outputs of an existing value, for an import by its ID. */
  restore(id: string): {
    id: string;
    inputs: PropertyMap;
    outputs: PropertyMap;
  };
}

/** Returns the provider's handler for `kind`. */
export function toHandler(kind: RandomKind): ResourceHandler {
  return {
    check: (inputs) => ({ inputs, failures: checkInputs(kind, inputs) }),
    diff: ({ state }, inputs) =>
      detailedDiff(
        complete(kind, pick(state, Object.keys(kind.inputs))),
        complete(kind, inputs),
      ).map((change) => ({ ...change, replace: true })),
    create(inputs, { preview }) {
      if (preview) {
        const unknown = Object.keys(kind.outputs).map((name) => [name, UNKNOWN]);
        const outputs = markSecrets(kind, Object.fromEntries(unknown));
        return { id: "", state: { ...complete(kind, inputs), ...outputs } };
      }
      const { id, outputs } = kind.generate(unwrapSecrets(complete(kind, inputs)));
      const state = { ...complete(kind, inputs), ...markSecrets(kind, outputs) };
      return { id, state };
    },
    read(old) {
      const known = Object.keys(kind.outputs).every((name) => name in old.state);
      if (known) return old;
      const { id, inputs, outputs } = kind.restore(old.id);
      const state = { ...complete(kind, inputs), ...markSecrets(kind, outputs) };
      return { id, inputs, state };
    },
    update: ({ state }, inputs) => ({ ...state, ...complete(kind, inputs) }),
    delete: () => undefined,
  };
}

function markSecrets(kind: RandomKind, outputs: PropertyMap): PropertyMap {
  return mapValues(outputs, (value, name) =>
    kind.outputs[name] === "secret" ? new Secret(value) : value,
  );
}

/** Returns the inputs with all defaults. */
function complete(kind: RandomKind, inputs: PropertyMap): PropertyMap {
  const given = kind.derive?.(inputs) ?? inputs;
  return mapValues(
    { ...mapValues(kind.inputs, () => null), ...given },
    (value, name) => value ?? kind.inputs[name]?.default ?? null,
  );
}

function checkInputs(kind: RandomKind, given: PropertyMap): CheckFailure[] {
  const inputs = unwrapSecrets(complete(kind, given));
  const failures = Object.entries(kind.inputs).flatMap(([name, spec]) =>
    checkInput(name, spec, inputs[name] ?? null),
  );
  for (const name of Object.keys(given)) {
    if (!(name in kind.inputs) && !name.startsWith("__"))
      failures.push({ property: name, reason: "there is no such property" });
  }
  if (failures.length > 0 || containsUnknown(inputs)) return failures;
  return kind.check?.(inputs) ?? [];
}

function checkInput(name: string, spec: InputSpec, value: PropertyValue): CheckFailure[] {
  if (value === UNKNOWN) return [];
  if (value === null) return spec.required ? [{ property: name, reason: "is required" }] : [];
  const type = TYPES[spec.type];
  if (!type.holds(value)) return [{ property: name, reason: `must be ${type.name}` }];
  if (typeof value === "number" && value < (spec.min ?? -Infinity))
    return [{ property: name, reason: `must be at least ${spec.min}, not ${value}` }];
  return [];
}

/** The sentences do not contain the value, which may be secret. */
const TYPES: Record<InputType, { name: string; holds: (value: PropertyValue) => boolean }> = {
  string: { name: "a string", holds: (value) => typeof value === "string" },
  boolean: {
    name: "true or false",
    holds: (value) => typeof value === "boolean",
  },
  integer: { name: "a whole number", holds: Number.isInteger },
  strings: {
    name: "a list of strings",
    holds: (value) => Array.isArray(value) && value.every(isStringOrUnknown),
  },
  map: {
    name: "a map of strings",
    holds: (value) => isMap(value) && Object.values(value).every(isStringOrUnknown),
  },
};

function isStringOrUnknown(value: PropertyValue): boolean {
  return typeof value === "string" || value === UNKNOWN;
}

function pick(map: PropertyMap, names: string[]): PropertyMap {
  return Object.fromEntries(names.map((name) => [name, map[name] ?? null]));
}

function mapValues<T>(
  map: { readonly [name: string]: T },
  change: (value: T, name: string) => PropertyValue,
): PropertyMap {
  return Object.fromEntries(
    Object.entries(map).map(([name, value]) => [name, change(value, name)]),
  );
}
