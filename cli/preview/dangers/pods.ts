import { listAt, mapAt } from "../../../config/fields";

type Fields = Record<string, unknown>;

/** Returns the containers of a pod template by name, including init containers. */
export function containersOf(template: Fields | undefined): Map<string, Fields> {
  const all = [
    ...listAt(template, "spec", "initContainers"),
    ...listAt(template, "spec", "containers"),
    ...listAt(template, "spec", "ephemeralContainers"),
  ].map((container) => mapAt(container));
  return new Map(all.map((container) => [String(container.name), container]));
}

/** Returns the labels of the pods. */
export function labelsOf(template: Fields | undefined): Fields {
  return mapAt(template, "metadata", "labels");
}
