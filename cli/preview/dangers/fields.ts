import { at } from "../../../config/fields";
import { canonical } from "../../../releases/template";
import { code, words } from "../markdown";
import { titleOf, type Fields, type Step } from "../steps";
import type { Danger, DangerKind, Situation } from "./danger";

/** Maximum number of values in one sentence. */
const maxValues = 12;

/** An object that exists before and after. */
export interface Updated {
  step: Step;
  before: Fields;
  after: Fields;
}

/** Returns the changed objects of these kinds. A replaced object exists before and after as well. */
export function updates({ changed }: Situation, ...kinds: string[]): Updated[] {
  return changed.flatMap((step) => {
    const { op, kind, before, after } = step;
    if (op !== "update" && op !== "replace") return [];
    if (before === undefined || after === undefined || !isOneOf(kind, kinds)) return [];
    return [{ step, before, after }];
  });
}

/** Returns the new objects of these kinds, without those of a stack that is still empty. */
export function additions(
  { changed, objects }: Situation,
  ...kinds: string[]
): { step: Step; after: Fields }[] {
  if (objects.before.length === 0) return [];
  return changed.flatMap((step) => {
    const { op, kind, after } = step;
    return op === "create" && after !== undefined && isOneOf(kind, kinds) ? [{ step, after }] : [];
  });
}

/** Whether the namespace of an object is new, so that nothing runs there yet. */
export function isInNewNamespace({ objects }: Situation, { namespace }: Step): boolean {
  return (
    namespace !== undefined &&
    !objects.before.some(
      ({ kind, metadata }) =>
        (kind === "Namespace" && metadata?.name === namespace) || metadata?.namespace === namespace,
    )
  );
}

/** Returns items of the second list that the first does not have, compared by their whole content. */
export function addedItems(before: readonly unknown[], after: readonly unknown[]): unknown[] {
  const known = new Set(before.map(canonicalText));
  return after.filter((item) => !known.has(canonicalText(item)));
}

export function isSame(one: unknown, other: unknown): boolean {
  return canonicalText(one) === canonicalText(other);
}

/** Returns a value as text that does not depend on the order of its keys. */
export function canonicalText(value: unknown): string {
  return value === undefined ? "" : canonical(value);
}

/** Returns a value for a sentence. */
export function textOf(value: unknown): string {
  if (value === undefined) return "nothing";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Returns values for a sentence, each as inline code. */
export function codeList(values: readonly string[]): string {
  const unique = [...new Set(values)];
  const shown = unique.slice(0, maxValues).map((value) => code(value));
  const more = unique.length - shown.length;
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
}

/** Returns `Service a/b: ‹what›: `spec.type` changes from x to y.` for a field that changes. */
export function changes(
  kind: DangerKind,
  { step, before, after }: Updated,
  what: string,
  path: readonly string[],
): Danger[] {
  const [old, now] = [at(before, ...path), at(after, ...path)];
  if (isSame(old, now)) return [];
  return [{ kind, text: changeText(step, what, path.join("."), old, now) }];
}

/** Returns a changed field as a sentence. */
export function changeText(
  step: Step,
  what: string,
  path: string,
  before: unknown,
  after: unknown,
): string {
  return (
    words`${titleOf(step)} ` +
    what +
    words`: ${path} changes from ${textOf(before)} to ${textOf(after)}.`
  );
}

function isOneOf(kind: string, kinds: readonly string[]): boolean {
  return kinds.length === 0 || kinds.includes(kind);
}
