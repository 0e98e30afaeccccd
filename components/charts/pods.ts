import { isMap } from "../../config/is-map";
import { podTemplateOf } from "../../config/pod-template";
import type { PackageObject } from "./kinds";

/** Fields of an object from another source, whose types are not checked. */
export type Fields = Readonly<Record<string, unknown>>;

/** Returns the pod spec of an object; undefined if it creates no pods. */
export function podSpecIn(object: PackageObject): Fields | undefined {
  const template = podTemplateOf(object);
  return template === undefined ? undefined : mapAt(template, "spec");
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
