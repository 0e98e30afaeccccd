import { isMap } from "../../../config/is-map";
import { list, map } from "./fields";

type Fields = Record<string, unknown>;

/** Returns the containers of a pod template by name, including init containers. */
export function containersOf(template: Fields | undefined): Map<string, Fields> {
  const all = [
    ...list(template, "spec", "initContainers"),
    ...list(template, "spec", "containers"),
    ...list(template, "spec", "ephemeralContainers"),
  ].map((container) => map(container));
  return new Map(all.map((container) => [String(container.name), container]));
}

/** Returns the labels of the pods. */
export function labelsOf(template: Fields | undefined): Fields {
  return map(template, "metadata", "labels");
}

/** Whether a label selector selects these labels. */
export function selects(selector: unknown, labels: Fields): boolean {
  if (!isMap(selector)) return false;
  const alike = Object.entries(map(selector, "matchLabels")).every(
    ([key, value]) => labels[key] === value,
  );
  return alike && list(selector, "matchExpressions").every((it) => holds(map(it), labels));
}

function holds({ key, operator, values }: Fields, labels: Fields): boolean {
  const value = labels[String(key)];
  const among = Array.isArray(values) && values.includes(value);
  switch (operator) {
    case "In":
      return among;
    case "NotIn":
      return !among;
    case "Exists":
      return value !== undefined;
    default:
      return value === undefined;
  }
}
