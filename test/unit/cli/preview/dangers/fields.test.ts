import assert from "node:assert/strict";
import fc from "fast-check";
import { dangersOf } from "../../../../../cli/preview/dangers";
import type { Step } from "../../../../../cli/preview/steps";
import type { KubernetesObject } from "../../../../../render/objects";
import { kubernetesObjects } from "../../../../../render/objects";
import { long } from "../../../../support/long";
import { stackRecording } from "../../../../support/stacks";
import { fieldClasses, type FieldClass } from "./field-classes";

/** A field of a rendered object. */
interface Field {
  object: KubernetesObject;
  place: (string | number)[];
  /** For example `Service spec.ports[].nodePort`. */
  name: string;
  value: unknown;
  class: FieldClass | undefined;
}

const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);

function fieldsOf(object: KubernetesObject): Field[] {
  const walk = (value: unknown, place: (string | number)[], path: string): Field[] => {
    if (Array.isArray(value)) {
      return value.flatMap((part, index) => walk(part, [...place, index], `${path}[]`));
    }
    if (typeof value === "object" && value !== null) {
      return Object.entries(value).flatMap(([key, part]) => {
        const member = /^\w+$/.test(key) ? `${path === "" ? "" : "."}${key}` : `["${key}"]`;
        return walk(part, [...place, key], `${path}${member}`);
      });
    }
    const name = `${object.kind} ${path}`;
    const found = fieldClasses.find(({ fields }) => fields.test(name));
    return [{ object, place, name, value, class: found }];
  };
  return walk(object, [], "");
}

/** Returns the object with one field changed; undefined removes it. */
function changed({ object, place }: Field, value: unknown): KubernetesObject {
  const copy = structuredClone(object);
  const last = place.at(-1) ?? "";
  const owner = place
    .slice(0, -1)
    .reduce<Record<string | number, unknown>>(
      (part, key) => part[key] as Record<string, unknown>,
      copy,
    );
  if (value === undefined) delete owner[last];
  else owner[last] = value;
  return copy;
}

function kindsAfter(field: Field, value: unknown, objects: KubernetesObject[]): string[] {
  const { object } = field;
  const after = changed(field, value);
  const step: Step = {
    op: "update",
    urn: "urn",
    type: `kubernetes:${object.apiVersion}:${object.kind}`,
    kind: object.kind,
    name: object.metadata.name,
    namespace: object.metadata.namespace,
    parent: "Platform platform",
    real: true,
    before: object,
    after,
    found: object,
    differing: [],
    causes: [],
    follows: [],
    unready: false,
    keeps: false,
  };
  const all = { before: objects, after: objects.map((it) => (it === object ? after : it)) };
  return dangersOf([step], [], [], all).map(({ kind }) => kind);
}

describe(`one field of one object of a stack, changed (seed ${seed})`, function () {
  this.timeout(120_000);
  const stacks = new Map<string, { objects: KubernetesObject[]; fields: Field[] }>();

  before(async () => {
    for (const stack of ["dev", "prod"]) {
      const objects = kubernetesObjects((await stackRecording(stack)).registrations);
      stacks.set(stack, { objects, fields: objects.flatMap(fieldsOf) });
    }
  });

  function check(stack: string, field: Field): void {
    const { class: found } = field;
    if (found === undefined) return;
    const value = found.to(field.value);
    if (JSON.stringify(value) === JSON.stringify(field.value)) return;
    const kinds = kindsAfter(field, value, stacks.get(stack)?.objects ?? []);
    const what = `${stack}: ${field.object.metadata.namespace ?? ""}/${field.object.metadata.name} ${field.name}: ${JSON.stringify(field.value)} to ${JSON.stringify(value)} gave ${kinds.join() || "none"}`;
    if (found.is === "none") assert.deepEqual(kinds, [], what);
    else assert.ok(kinds.includes(found.is), what);
  }

  for (const [index, { fields, is }] of fieldClasses.entries()) {
    it(`is ${is}: ${fields.source}`, () => {
      let checked = 0;
      for (const [stack, { fields: all }] of stacks) {
        const own = all.filter((field) => field.class === fieldClasses[index]);
        for (const field of own.slice(0, 20)) check(stack, field);
        checked += own.length;
      }
      assert.ok(checked > 0, "no rendered object has such a field");
    });
  }

  it("is judged by its class, whatever the field and the object", () => {
    for (const [stack, { fields: all }] of stacks) {
      // CRDs have most of all fields, in a single class.
      const fields = all.filter(({ object }) => object.kind !== "CustomResourceDefinition");
      const any = fc.nat({ max: fields.length - 1 });
      fc.assert(
        fc.property(any, (index) => {
          check(stack, fields[index] as Field);
        }),
        { numRuns: long ? 500 : 150, seed },
      );
    }
  });
});
