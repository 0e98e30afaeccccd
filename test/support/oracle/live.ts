import { isMap } from "../../../config/is-map";

/** A live object, as the API server returns it. */
export interface LiveObject {
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    uid: string;
    generation?: number;
    resourceVersion: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    managedFields?: { manager?: string }[];
    deletionTimestamp?: string;
  };
  spec?: Record<string, unknown>;
  [field: string]: unknown;
}

/** Every object of a stack in its cluster, by `Kind namespace/name`. */
export type Live = ReadonlyMap<string, LiveObject>;

/** Field managers of plugins for Kubernetes. */
const manager = /^pulumi-kubernetes\b/;

/** Returns every object that the engine has written. */
export async function liveObjects(
  kubectl: (...args: string[]) => Promise<string>,
): Promise<Map<string, LiveObject>> {
  const kinds = (await kubectl("api-resources", "--verbs=list", "-o", "name")).trim().split("\n");
  const text = await kubectl(
    ...["get", kinds.filter((kind) => !/^events\b|metrics/.test(kind)).join(","), "-A"],
    ...["--show-managed-fields", "-o", "json"],
  );
  const { items } = JSON.parse(text.slice(text.indexOf("{"))) as { items: LiveObject[] };
  const own = items.filter(({ metadata }) =>
    metadata.managedFields?.some((it) => manager.test(it.manager ?? "")),
  );
  return new Map(own.map((object) => [titleOfLive(object), object]));
}

function titleOfLive({ kind, metadata: { namespace, name } }: LiveObject): string {
  return `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}

/** Fields of metadata that the API server and controllers write. */
const ofServer = [
  ...["uid", "generation", "resourceVersion", "creationTimestamp", "managedFields"],
  ...["selfLink", "finalizers", "deletionTimestamp"],
];

/** Annotations that controllers write. */
const ofControllers = ["deployment.kubernetes.io/revision"];

/** Minimum numbers of pods, which follow the load. */
const floors = ["minReplicas", "minReplicaCount"].map((key) => ["spec", key]);

/** Path of a field: keys, names of list items, and `*` for items without names. */
export type Path = string[];

/** Returns the fields of an object that its author decides, by their paths. */
export function fieldsOf({ kind, ...object }: LiveObject, live: Live): Map<string, unknown> {
  const { metadata, ...rest } = object;
  delete rest["status"];
  const kept = Object.entries(metadata).filter(([key]) => !ofServer.includes(key));
  const annotations = Object.entries(metadata.annotations ?? {}).filter(
    ([key]) => !ofControllers.includes(key),
  );
  const all = new Map<string, unknown>();
  const plain = { ...Object.fromEntries(kept), annotations: Object.fromEntries(annotations) };
  collect({ ...rest, metadata: plain }, [], all);
  for (const key of [...all.keys()]) {
    const [first, second = ""] = key.split("\u0001");
    const isAddress = first === "spec" && /^clusterIPs?$/.test(second);
    if (isAddress || key.endsWith("controller-uid")) all.delete(key);
  }
  for (const path of floors) all.delete(pathKey(path));
  if (isScaled({ kind, ...object }, live)) all.delete(pathKey(["spec", "replicas"]));
  return all;
}

/** Whether an autoscaler decides the number of an object's pods. */
function isScaled({ kind, metadata }: LiveObject, live: Live): boolean {
  return [...live.values()].some((it) => {
    if (it.kind !== "HorizontalPodAutoscaler" && it.kind !== "ScaledObject") return false;
    const target = it.spec?.["scaleTargetRef"] as { kind?: string; name?: string } | undefined;
    const isSame = it.metadata.namespace === metadata.namespace && target?.name === metadata.name;
    return isSame && (target?.kind ?? "Deployment") === kind;
  });
}

/** Returns a path as text. */
export function pathKey(path: Path): string {
  return path.join("\u0001");
}

function collect(value: unknown, path: Path, into: Map<string, unknown>): void {
  if (Array.isArray(value)) {
    const names = value.map((item: unknown) =>
      isMap(item) ? (item["name"] ?? item["mountPath"]) : undefined,
    );
    const isNamed = names.every((name) => typeof name === "string");
    const isUnique = new Set(names).size === names.length;
    value.forEach((item, index) => {
      const part = isNamed && isUnique ? String(names[index]) : `*${index}`;
      collect(item, [...path, part], into);
    });
  } else if (isMap(value)) {
    for (const [key, item] of Object.entries(value)) collect(item, [...path, key], into);
  } else if (value !== undefined && value !== null) into.set(pathKey(path), value);
}

/** Returns the paths of fields that differ between two states of an object. */
export function changedPaths(before: Map<string, unknown>, after: Map<string, unknown>): string[] {
  const keys = new Set([...before.keys(), ...after.keys()]);
  return [...keys].filter((key) => before.get(key) !== after.get(key));
}
