import { z } from "zod";
import { expected, show } from "./errors";
import { parsePath, pathText } from "./field-path";
import { hasEncryptedValue } from "./secret-text";
import { refusedField } from "./transformed-fields";

/** Path of a field, as {@link parsePath} reads it. */
const fieldPath = z
  .string()
  .max(500)
  .refine(
    (text) => parsePath(text) !== undefined,
    "a path such as spec.template.spec.containers[headlamp].resources.limits.memory, with names of items and keys with dots in brackets",
  );

/** Changes of one object. */
const transform = z.strictObject({
  /**
   * Values by path, such as `spec.template.spec.containers[headlamp].resources.limits.memory`; null removes a field.
   * Brackets hold the name of an item, its index in a list without names, or a key with dots.
   */
  set: z
    .record(fieldPath, z.unknown())
    .refine((fields) => Object.keys(fields).length > 0, "expected at least one path, got none")
    .refine((fields) => !hasEncryptedValue(fields), {
      error:
        "expected no encrypted value, got one; create a Secret in the namespace, and name it in the field",
    }),
  /** Why no other key is enough. Previews show it. */
  reason: z.string().trim().min(1),
});

/** A kind and a name, with the namespace if there is one. */
const objectTitle = z
  .string()
  .max(400)
  .regex(
    /^[A-Z][A-Za-z0-9]* ([a-z0-9]([-a-z0-9]*[a-z0-9])?\/)?[A-Za-z0-9]([-\w.:]*[A-Za-z0-9])?$/,
    "a kind, a namespace and a name, such as Deployment dashboard/headlamp, or ClusterRole prometheus without a namespace",
  );

/** Changes by object. */
export const transforms = z.record(objectTitle, transform).superRefine((all, { addIssue }) => {
  for (const [object, { set }] of Object.entries(all)) {
    const [kind = ""] = object.split(" ");
    const paths = Object.keys(set);
    for (const path of paths) {
      const message = refusedPath(kind, path, set[path]) ?? overlap(path, paths);
      if (message === undefined) continue;
      addIssue({ code: "custom", path: [object, "set", path], message });
    }
  }
});

function refusedPath(kind: string, path: string, value: unknown): string | undefined {
  const steps = parsePath(path) ?? [];
  const why = refusedField(kind, steps);
  if (why !== undefined) return expected("a field that a transform may set", `${path}, ${why}`);
  const last = steps.at(-1);
  if (value !== null || last?.bracketed !== true || !/^[0-9]+$/.test(last.text)) return undefined;
  const list = pathText(steps.slice(0, -1));
  return expected("a value", "null", `set ${list} as a whole to remove an item without a name`);
}

/** Returns the error for a path that another one contains: the order of the two would decide the result. */
function overlap(path: string, paths: readonly string[]): string | undefined {
  const own = keysOf(path);
  const outer = paths.find((other) => {
    const keys = keysOf(other);
    const contains = keys.every((key, index) => key === own[index]);
    return other !== path && contains && (keys.length < own.length || other < path);
  });
  if (outer === undefined) return undefined;
  return expected(`no path inside another one`, `${path}, which ${show(outer)} contains`);
}

function keysOf(path: string): string[] {
  return (parsePath(path) ?? []).map(({ text }) => text);
}
