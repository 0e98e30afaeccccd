import { isMap } from "../../config/is-map";
import type { PackageObject } from "./kinds";

/** Fields of an object from another source, whose types are not checked. */
export type Fields = Readonly<Record<string, unknown>>;

const paths: Record<string, string[]> = {
  Pod: ["spec"],
  ReplicaSet: ["spec", "template", "spec"],
  ReplicationController: ["spec", "template", "spec"],
  Deployment: ["spec", "template", "spec"],
  StatefulSet: ["spec", "template", "spec"],
  DaemonSet: ["spec", "template", "spec"],
  Job: ["spec", "template", "spec"],
  CronJob: ["spec", "jobTemplate", "spec", "template", "spec"],
};

/** Returns the pod spec of an object; undefined if it creates no pods. */
export function podSpecIn(object: PackageObject): Fields | undefined {
  const path = Object.hasOwn(paths, object.kind) ? paths[object.kind] : undefined;
  if (path === undefined) return undefined;
  return path.reduce<Fields>((part, key) => mapAt(part, key), object);
}

/** Returns all containers of a pod. */
export function containersIn(pod: Fields | undefined): Record<string, unknown>[] {
  return ["containers", "initContainers", "ephemeralContainers"].flatMap((key) =>
    mapsAt(pod ?? {}, key),
  );
}

/** Returns the map at a key; empty if there is none. */
export function mapAt(fields: Fields, key: string): Record<string, unknown> {
  const value = Object.hasOwn(fields, key) ? fields[key] : undefined;
  return isMap(value) ? value : {};
}

/** Returns the maps in the list at a key. */
export function mapsAt(fields: Fields, key: string): Record<string, unknown>[] {
  const value = Object.hasOwn(fields, key) ? fields[key] : undefined;
  return Array.isArray(value) ? value.filter(isMap) : [];
}

/** Returns the strings in the list at a key. */
export function stringsAt(fields: Fields, key: string): string[] {
  const value = Object.hasOwn(fields, key) ? fields[key] : undefined;
  return Array.isArray(value) ? value.filter((it) => typeof it === "string") : [];
}
