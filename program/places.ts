import { lookup } from "../config";
import type { ComponentOutputs, Records } from "./newest-records";
import { recordedNamespace } from "./records";

/** Kinds that are not deleted while an app moves. */
const stays = ["Job"];

interface Metadata {
  name?: string;
  namespace?: string;
  labels?: Record<string, string>;
}

/** Returns the namespaces of the objects of each app in the state. */
export function placesIn(resources: readonly ComponentOutputs[]): Map<string, string[]> {
  const places = new Map<string, string[]>();
  for (const { type, outputs } of resources) {
    if (!type.startsWith("kubernetes:") || stays.includes(type.split(":").at(-1) ?? "")) continue;
    const { name, namespace, labels = {} } = (outputs?.["metadata"] ?? {}) as Metadata;
    if (labels["app.kubernetes.io/part-of"] !== "apps") continue;
    // The policy that admits callers belongs to the caller, and is in the namespace of the called app.
    if (namespace === undefined || name?.includes(".from.")) continue;
    const app = labels["app.kubernetes.io/name"] ?? "";
    places.set(app, [...(places.get(app) ?? []), namespace]);
  }
  return places;
}

/**
 * Returns the namespaces of each app that the config no longer has: first that of its record, then those of its objects
 * in the state. The record can be missing, if only a failed update has deployed the app, and it has the former
 * namespace of a move that was interrupted.
 */
export function departingPlaces(
  { apps }: { apps: Record<string, unknown> },
  records: Records,
  resources: readonly ComponentOutputs[],
): Record<string, string[]> {
  const places = placesIn(resources);
  const names = new Set([...Object.keys(records), ...places.keys()]);
  return Object.fromEntries(
    [...names]
      .filter((name) => lookup(apps, name) === undefined)
      .map((name) => {
        const recorded = recordedNamespace(lookup(records, name));
        const all = [...(recorded === undefined ? [] : [recorded]), ...(places.get(name) ?? [])];
        return [name, [...new Set(all)]] as const;
      }),
  );
}
