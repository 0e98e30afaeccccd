import { isKnownKind, isClusterScoped, type PackageObject } from "../../components/charts/kinds";
import { definedKind } from "../../components/charts/order";
import { podSecurityProblems } from "../../components/charts/pod-security";
import { podSpecIn } from "../../components/charts/pods";
import { expected, show, type ConfigError } from "../../config/errors";
import { mapAt } from "../../config/fields";
import { isMap } from "../../config/is-map";
import { titleOf } from "../../config/kubernetes-object";
import { podTemplateOf } from "../../config/pod-template";
import type { PackageEntry } from "./entries";
import { reachProblems } from "./routes";
import { storeProblems } from "./stores";

/** Objects that can be declared, and errors of the others. */
export interface Checked {
  objects: PackageObject[];
  problems: ConfigError[];
}

/** Kinds that a package cannot contain, and what to do instead. */
const refusedKinds: Record<string, string> = {
  Namespace: "remove it; the platform declares the namespace",
  Node: "remove it; nodes join the cluster by themselves",
  Event: "remove it; events are reported, not declared",
};

/**
 * Checks the objects of a chart or of manifests, and sets their namespace.
 * @param raw the objects as they were rendered or read.
 */
export function checkObjects(entry: PackageEntry, raw: readonly unknown[]): Checked {
  const problems: ConfigError[] = [];
  const add = (what: string, got: string, next?: string) =>
    problems.push({ key: entry.key, message: expected(what, got, next) });
  const whole = raw.filter((object): object is PackageObject => {
    if (isWhole(object)) return true;
    const next = "every object needs apiVersion, kind and metadata.name";
    add("Kubernetes objects", show(object), next);
    return false;
  });
  const clusterKinds = new Set([...entry.place.clusterKinds, ...clusterKindsOf(whole)]);
  const seen = new Set<string>();
  const objects = whole.map((object) => {
    const placed = inPlace(object, entry.namespace, isClusterScoped(object, clusterKinds));
    const title = titleOf({ kind: placed.kind, ...placed.metadata });
    const { namespace } = object.metadata;
    if (!isKnownKind(object)) {
      add("kinds that Kubernetes serves", `${title} of ${object.apiVersion}`);
    }
    if (Object.hasOwn(refusedKinds, object.kind)) {
      add("objects of a team", title, refusedKinds[object.kind]);
    }
    if (object.kind === "Secret" && hasContent(object)) {
      const next = "it would be in the repository; name a Secret in the cluster instead";
      add("no Secret with content", title, next);
    }
    if (
      placed.metadata.namespace !== undefined &&
      (namespace ?? entry.namespace) !== entry.namespace
    ) {
      const next = "another namespace is not its own";
      add(
        `objects in its namespace ${entry.namespace}`,
        `${object.kind} ${namespace}/${object.metadata.name}`,
        next,
      );
    }
    if (seen.has(title)) add("each object once", `${title} twice`);
    seen.add(title);
    problems.push(
      ...podProblems(entry, placed, title),
      ...reachProblems(entry, placed, title),
      ...storeProblems(entry, placed, title),
    );
    return placed;
  });
  if (raw.length === 0) add("at least one object", "none");
  return { objects, problems };
}

function isWhole(object: unknown): object is PackageObject {
  if (!isMap(object) || !isMap(object["metadata"])) return false;
  const { name, namespace } = object["metadata"];
  return (
    [object["apiVersion"], object["kind"], name].every(
      (text) => typeof text === "string" && text !== "",
    ) && ["string", "undefined"].includes(typeof namespace)
  );
}

/** Returns the kinds without a namespace that the objects themselves define. */
function clusterKindsOf(objects: readonly PackageObject[]): string[] {
  return objects
    .filter((object) => mapAt(object, "spec")["scope"] === "Cluster")
    .flatMap(definedKind);
}

/** Returns an object with its namespace, without the fields that only an API server writes. */
function inPlace(object: PackageObject, namespace: string, ofCluster: boolean): PackageObject {
  const metadata: Record<string, unknown> = { ...object.metadata };
  delete metadata["creationTimestamp"];
  delete metadata["namespace"];
  const copy = { ...object };
  delete copy["status"];
  const own = ofCluster ? {} : { namespace: object.metadata.namespace ?? namespace };
  return { ...copy, metadata: { ...metadata, ...own } as PackageObject["metadata"] };
}

/** A Secret that a controller fills can safely be committed. */
function hasContent(object: PackageObject): boolean {
  return ["data", "stringData"].some((field) => Object.keys(mapAt(object, field)).length > 0);
}

function podProblems(
  { key, level, place, namespace }: PackageEntry,
  object: PackageObject,
  title: string,
) {
  const pod = podSpecIn(object);
  if (pod === undefined) return [];
  const found = podSecurityProblems(pod, level, annotationsOf(object));
  if (found.length === 0) return [];
  const next =
    place.team === undefined
      ? `change its values, or set ${key}.podSecurity`
      : `change its values, or the level of team ${place.team}`;
  const what = `pods that Pod Security ${level} admits to namespace ${namespace}`;
  const got = `${title} (${found.join("; ")})`;
  return [{ key, message: expected(what, got, next) }];
}

/** Returns the annotations of the pods that an object creates. */
function annotationsOf(object: PackageObject): Record<string, string> {
  const metadata = mapAt(podTemplateOf(object) ?? {}, "metadata");
  return Object.fromEntries(
    Object.entries(mapAt(metadata, "annotations")).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string",
    ),
  );
}
