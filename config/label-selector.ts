import { listAt, mapAt } from "./fields";
import { isMap } from "./is-map";
import { lookup } from "./lookup";

type Labels = Readonly<Record<string, unknown>>;

/** Whether a label selector of Kubernetes selects labels. An empty selector selects all, a missing one none. */
export function selects(selector: unknown, labels: Labels = {}): boolean {
  return (
    isMap(selector) &&
    hasAll(labels, mapAt(selector, "matchLabels")) &&
    listAt(selector, "matchExpressions").every((it) => isMet(mapAt(it), labels))
  );
}

/** Whether labels have each of these values. */
export function hasAll(labels: Labels, values: Labels): boolean {
  return Object.entries(values).every(([key, value]) => lookup(labels, key) === value);
}

function isMet({ key, operator, values }: Labels, labels: Labels): boolean {
  const value = lookup(labels, String(key));
  const isAmong = Array.isArray(values) && values.includes(value);
  switch (operator) {
    case "In":
      return isAmong;
    case "NotIn":
      return !isAmong;
    case "Exists":
      return value !== undefined;
    default:
      return value === undefined;
  }
}
