import type { Step } from "./field-path";

/** A field that no transform sets, and why. */
interface Fixed {
  /** Kind of the objects. Default: all. */
  kind?: string;
  path: string;
  why: string;
}

const identity = "which identifies the object";
const selection = "which selects pods, and must not change";
const plainText =
  "whose values would be in this file in plain text; create the Secret outside, and name it in the part's key";
const unnoticed =
  "whose changes its pods would not notice, because they restart by what the program declares; use a key of the part, or change its code";

const fixed: readonly Fixed[] = [
  { path: "apiVersion", why: identity },
  { path: "kind", why: identity },
  { path: "metadata.name", why: identity },
  { path: "metadata.namespace", why: identity },
  { path: "metadata.generateName", why: identity },
  { path: "status", why: "which the cluster writes" },
  { path: "spec.selector", why: selection },
  { path: "spec.podSelector", why: selection },
  { path: "spec.scaleTargetRef", why: "which selects a workload, and must not change" },
  { kind: "Secret", path: "data", why: plainText },
  { kind: "Secret", path: "stringData", why: plainText },
  { kind: "ConfigMap", path: "data", why: unnoticed },
  { kind: "ConfigMap", path: "binaryData", why: unnoticed },
];

/** Where an object has metadata: its own, and those of what it creates. */
const templates = ["", "spec.template.", "spec.jobTemplate.", "spec.jobTemplate.spec.template."];

/** Maps whose keys a transform adds one by one, with the beginnings of the keys that only the program sets. */
const maps = [
  {
    name: "labels",
    reserved: /^(platform|app\.kubernetes\.io|pod-security\.kubernetes\.io)\//,
    why: "a label by which policies, Services and rules find objects",
  },
  {
    name: "annotations",
    reserved: /^(platform|pulumi\.com)\//,
    why: "an annotation by which the program protects objects and restarts pods",
  },
] as const;

/** Returns why no transform sets a field of a kind; undefined if one may. The text follows the field's path. */
export function refusedField(kind: string, steps: readonly Step[]): string | undefined {
  const path = keyPath(steps.map(({ text }) => text));
  for (const { kind: only, path: field, why } of fixed) {
    if (only !== undefined && only !== kind) continue;
    if (isWithin(path, keyPath(field.split(".")))) return why;
    if (isWithin(keyPath(field.split(".")), path)) return containing(field);
  }
  for (const template of templates) {
    for (const { name, reserved, why } of maps) {
      const map = `${template}metadata.${name}`;
      if (isWithin(keyPath(map.split(".")), path)) return containing(map);
      const key = steps[map.split(".").length]?.text ?? "";
      if (isWithin(path, keyPath(map.split("."))) && reserved.test(key)) return why;
    }
  }
  return undefined;
}

/** Whether a path leads to a label of an object or of its pods. */
export function isLabel(steps: readonly Step[]): boolean {
  const map = keyPath(steps.slice(0, -1).map(({ text }) => text));
  return templates.some((template) => map === keyPath(`${template}metadata.labels`.split(".")));
}

function containing(field: string): string {
  return `which contains ${field}; set single fields inside it`;
}

/** Keys can contain dots. */
function keyPath(keys: readonly string[]): string {
  return keys.map((key) => `${key}\n`).join("");
}

function isWithin(path: string, outer: string): boolean {
  return path.startsWith(outer);
}
