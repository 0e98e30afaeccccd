import { mapAt, mapsAt } from "../../config/fields";
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
  return ["containers", "initContainers", "ephemeralContainers"].flatMap((key) => mapsAt(pod, key));
}
