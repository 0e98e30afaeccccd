import * as pulumi from "@pulumi/pulumi";
import { expected, show } from "../../config/errors";
import { parsePath, pathText, type Step } from "../../config/field-path";
import { isMap } from "../../config/is-map";
import { lookup } from "../../config/lookup";
import type { Props } from "./transform";
import { isLabel } from "../../config/transformed-fields";

/** Why a field of an object cannot be set; the message is `expected …, got …`. */
export class FieldProblem extends Error {}

/**
 * Returns inputs of an object with another value of one field; they themselves stay as they are. A value that is known
 * only later is changed then.
 * @param value null removes the field.
 * @param later makes the error for a field that turns out to be missing only when its value is known. Default: the
 *   problem itself.
 * @throws FieldProblem if what should contain the field does not exist, or if it is a label that already has a value.
 */
export function setField(
  props: Props,
  steps: readonly Step[],
  value: unknown,
  later: (problem: FieldProblem) => Error = (problem) => problem,
): Props {
  const change = (node: unknown, index: number): unknown => {
    const step = steps[index];
    if (step === undefined) return value;
    if (isLater(node)) {
      return (pulumi.output(node) as pulumi.Output<unknown>).apply((known) => {
        try {
          return change(known, index);
        } catch (error) {
          throw error instanceof FieldProblem ? later(error) : error;
        }
      });
    }
    if (Array.isArray(node)) return changedList(node as unknown[], index, step);
    if (isMap(node)) return changedMap(node, index, step);
    throw new FieldProblem(missing(steps.slice(0, index), node));
  };

  const changedMap = (map: Record<string, unknown>, index: number, step: Step): unknown => {
    const isLast = index === steps.length - 1;
    const known = lookup(map, step.text) ?? undefined;
    const place = steps.slice(0, index);
    if (isLast && value === null && known === undefined) {
      throw new FieldProblem(expected("a field to remove", `none at ${pathText(steps)}`));
    }
    if (isLast && isLabel(steps) && known !== undefined) {
      throw new FieldProblem(expected("a label that the program does not set", step.text));
    }
    if (!isLast && known === undefined) {
      if (!["labels", "annotations"].includes(step.text)) {
        throw new FieldProblem(unknownField(map, place, step));
      }
      return { ...map, [step.text]: change({}, index + 1) };
    }
    if (!isLast || value !== null) return { ...map, [step.text]: change(known, index + 1) };
    return Object.fromEntries(Object.entries(map).filter(([key]) => key !== step.text));
  };

  const changedList = (list: unknown[], index: number, step: Step): unknown => {
    const place = steps.slice(0, index);
    if (list.some(isUnnamedYet)) return change(pulumi.output(list), index);
    const at = positionOf(list, step, place);
    const isLast = index === steps.length - 1;
    if (at < list.length) {
      const rest = isLast && value === null ? [] : [change(list[at], index + 1)];
      const named = isLast ? rest.map((item) => withName(item, list, step)) : rest;
      return [...list.slice(0, at), ...named, ...list.slice(at + 1)];
    }
    if (!isLast || value === null) throw new FieldProblem(unknownItem(list, place, step));
    return [...list, withName(value, list, step)];
  };

  return change(props, 0) as Props;
}

/**
 * Returns inputs of an object with another value of the field at a path, for transforms from code.
 * @param path as in the config: `spec.template.spec.containers[headlamp].resources.limits.memory`.
 * @param value null removes the field.
 * @throws FieldProblem like {@link setField}, or if the text is no path.
 */
export function setPath(props: Props, path: string, value: unknown): Props {
  const steps = parsePath(path);
  if (steps === undefined) throw new FieldProblem(expected("a path of fields", show(path)));
  return setField(props, steps, value);
}

/** Returns the position of an item; the length of the list for an item that can be added. */
function positionOf(list: unknown[], step: Step, place: readonly Step[]): number {
  if (!step.bracketed) throw new FieldProblem(unknownItem(list, place, step));
  if (isNamed(list, step)) {
    const found = list.findIndex((item) => (item as { name: string }).name === step.text);
    return found === -1 ? list.length : found;
  }
  const index = /^(0|[1-9][0-9]*)$/.test(step.text) ? Number(step.text) : Number.NaN;
  if (!(index <= list.length)) throw new FieldProblem(unknownItem(list, place, step));
  return index;
}

/** Whether the items of a list have names, each a different one. */
function isNamed(list: unknown[], step: Step): boolean {
  if (list.length === 0) return !/^[0-9]+$/.test(step.text);
  const names = list.map((item) => (isMap(item) ? item["name"] : undefined));
  return names.every((name) => typeof name === "string") && new Set(names).size === names.length;
}

/** Returns an item of a list of names with its name. */
function withName(item: unknown, list: unknown[], step: Step): unknown {
  if (!isNamed(list, step)) return item;
  if (!isMap(item)) {
    throw new FieldProblem(expected(`a mapping as the value of ${step.text}`, show(item)));
  }
  const { name = step.text } = item;
  if (name !== step.text) {
    throw new FieldProblem(expected(`the name ${step.text} of the item, or none`, show(name)));
  }
  return { name, ...item };
}

/** Whether an item, or its name, is known only later. */
function isUnnamedYet(item: unknown): boolean {
  return isLater(item) || (isMap(item) && isLater(item["name"]));
}

function isLater(value: unknown): boolean {
  return pulumi.Output.isInstance(value) || value instanceof Promise;
}

function missing(place: readonly Step[], node: unknown): string {
  // The value itself can be a secret.
  return expected(`a mapping or a list at ${pathText(place)}`, `a ${typeof node}`);
}

function unknownField(map: object, place: readonly Step[], step: Step): string {
  const names = Object.entries(map).flatMap(([key, value]) => (value === undefined ? [] : key));
  const where = place.length === 0 ? "the object" : pathText(place);
  const whole = pathText([...place, step]);
  return expected(
    `a field of ${where} (${names.sort().join(", ") || "it has none"})`,
    step.text,
    `set ${whole} as a whole to add it`,
  );
}

function unknownItem(list: unknown[], place: readonly Step[], step: Step): string {
  const where = pathText(place);
  const last = list.length - 1;
  if (isNamed(list, step) && list.length > 0) {
    const names = list.map((item) => `[${(item as { name: string }).name}]`);
    return expected(`an item of ${where} by its name (${names.join(", ")})`, pathText([step]));
  }
  const range = list.length === 0 ? "which is empty" : `from [0] to [${last}]`;
  return expected(`an item of ${where} by its index, ${range}`, pathText([step]));
}
