import { at } from "./fields";
import { isMap } from "./is-map";
import { lookup } from "./lookup";

type Fields = Record<string, unknown>;

/** Path of the pod template in an object of each kind; a Pod has the fields of a template itself. */
const templates: Readonly<Record<string, readonly string[]>> = {
  Pod: [],
  ReplicaSet: ["spec", "template"],
  ReplicationController: ["spec", "template"],
  Deployment: ["spec", "template"],
  StatefulSet: ["spec", "template"],
  DaemonSet: ["spec", "template"],
  Job: ["spec", "template"],
  CronJob: ["spec", "jobTemplate", "spec", "template"],
};

/** Kinds that create pods, and Pod. */
export const podKinds = Object.keys(templates);

/** Returns the pod template of an object, with `metadata` and `spec`; undefined if it creates no pods. */
export function podTemplateOf(object: object): Fields | undefined {
  const { kind } = object as { kind?: unknown };
  const path = typeof kind === "string" ? lookup(templates, kind) : undefined;
  const template = path && at(object, ...path);
  return isMap(template) ? template : undefined;
}
