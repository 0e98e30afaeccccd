import { listAt, mapAt } from "../../../config/fields";
import { selects } from "../../../config/label-selector";
import { oneLine } from "../markdown";
import type { ClusterObject } from "../steps";
import type { Danger, Situation } from "./danger";
import { isMap } from "../../../config/is-map";
import { podTemplateOf } from "../../../config/pod-template";
import { codeList, canonicalText } from "./fields";
import { covers, peersOf, portsOf, type Opening } from "./network-peers";
import { labelsOf } from "./pods";

type Direction = "ingress" | "egress";

/** Pods of one kind that run before and after the update, with their allowed connections. */
interface Pods {
  title: string;
  namespace: string;
  labels: Record<string, unknown>;
}

const verbs = {
  ingress: { more: "can be reached by", less: "can no longer be reached by" },
  egress: { more: "can reach", less: "can no longer reach" },
};

/**
 * Returns changes in what running pods can reach and what can reach them, with all policies combined: splitting
 * or renaming a policy changes nothing.
 */
export function network({ changed, objects }: Situation): Danger[] {
  const touched = new Set(
    changed.filter(({ kind }) => kind === "NetworkPolicy").map(({ namespace }) => namespace),
  );
  if (touched.size === 0) return [];
  const fresh = newNamespaces(objects.before, objects.after);
  const pods = runningPods(objects.before, objects.after).filter(({ namespace }) =>
    touched.has(namespace),
  );
  const found = new Map<string, string[]>();
  for (const pod of pods) {
    for (const direction of ["ingress", "egress"] as const) {
      const old = openings(objects.before, pod, direction);
      const now = openings(objects.after, pod, direction);
      const more = now.filter((it) => !isCovered(it, old) && !isFor(it, fresh));
      const less = old.filter((it) => !isCovered(it, now));
      note(found, verbs[direction].more, more, pod);
      note(found, verbs[direction].less, less, pod);
    }
  }
  return [...found].map(([what, titles]) => ({
    kind: "network",
    text: `Pods of ${codeList(titles)} ${what}.`,
  }));
}

function note(found: Map<string, string[]>, verb: string, all: Opening[], { title }: Pods): void {
  if (all.length === 0) return;
  const what = `${verb} ${codeList(all.map(textOf))}`;
  found.set(what, [...(found.get(what) ?? []), title]);
}

/** `0.0.0.0/0, port TCP 443`. */
function textOf({ peer, port }: Opening): string {
  const to = peer === undefined ? "everything" : peerText(peer);
  if (port === undefined) return to;
  const { protocol, from, until } = port;
  const ports = from === undefined ? "" : ` ${from}${until === undefined ? "" : `-${until}`}`;
  return `${to}, port ${protocol}${ports}`;
}

function peerText(peer: Record<string, unknown>): string {
  const { ipBlock, namespaceSelector, podSelector } = peer;
  if (isMap(ipBlock)) {
    const except = listAt(ipBlock, "except");
    return `${String(ipBlock.cidr)}${except.length === 0 ? "" : ` without ${except.join(" ")}`}`;
  }
  const pods = podSelector === undefined ? "all pods" : `pods ${selectorText(podSelector)}`;
  if (namespaceSelector === undefined) return `${pods} of its namespace`;
  return `${pods} of namespaces ${selectorText(namespaceSelector)}`;
}

function selectorText(selector: unknown): string {
  const labels = Object.entries(mapAt(selector, "matchLabels")).map(
    ([key, value]) => `${key}=${String(value)}`,
  );
  const expressions = listAt(selector, "matchExpressions").map((it) => canonicalText(it));
  const all = [...labels, ...expressions];
  return all.length === 0 ? "of any label" : oneLine(all.join(" and "));
}

/** Returns everything that the policies which select these pods allow; everything if none selects them. */
function openings(objects: readonly ClusterObject[], pod: Pods, direction: Direction): Opening[] {
  const selecting = objects.filter(
    ({ kind, metadata, spec }) =>
      kind === "NetworkPolicy" &&
      metadata?.namespace === pod.namespace &&
      isOf(spec, direction) &&
      selects(mapAt(spec, "podSelector"), pod.labels),
  );
  if (selecting.length === 0) return [{ peer: undefined, port: undefined }];
  return selecting.flatMap(({ spec }) =>
    listAt(spec, direction).flatMap((rule) => {
      const peers = peersOf(rule, direction === "ingress" ? "from" : "to");
      return peers.flatMap((peer) => portsOf(rule).map((port) => ({ peer, port })));
    }),
  );
}

function isOf(spec: unknown, direction: Direction): boolean {
  const types = listAt(spec, "policyTypes");
  if (types.length > 0) return types.includes(direction === "ingress" ? "Ingress" : "Egress");
  return direction === "ingress" || listAt(spec, "egress").length > 0;
}

function isCovered(opening: Opening, all: readonly Opening[]): boolean {
  return all.some((other) => covers(other, opening));
}

/**
 * Returns the objects that create pods before and after, and pods of other creators, known from the policies
 * that select them.
 */
function runningPods(before: readonly ClusterObject[], after: readonly ClusterObject[]): Pods[] {
  const titles = new Set([...podsOf(after), ...selectedBy(after)].map(({ title }) => title));
  const declared = podsOf(before);
  const others = selectedBy(before).filter(
    ({ namespace, selector }) =>
      !declared.some((pod) => pod.namespace === namespace && selects(selector, pod.labels)),
  );
  return [...declared, ...others].filter(({ title }) => titles.has(title));
}

/** Returns pods of which only a policy's selector is known, such as those of builds. */
function selectedBy(objects: readonly ClusterObject[]): (Pods & { selector: unknown })[] {
  return objects.flatMap(({ kind, metadata, spec }) => {
    const { namespace, name } = metadata ?? {};
    if (kind !== "NetworkPolicy" || typeof namespace !== "string") return [];
    const selector = mapAt(spec, "podSelector");
    const title = `NetworkPolicy ${namespace}/${String(name)}`;
    return [{ title, namespace, labels: mapAt(selector, "matchLabels"), selector }];
  });
}

function podsOf(objects: readonly ClusterObject[]): Pods[] {
  return objects.flatMap((object) => {
    const template = podTemplateOf(object);
    const { namespace, name } = object.metadata ?? {};
    if (template === undefined || typeof namespace !== "string") return [];
    const title = `${String(object.kind)} ${namespace}/${String(name)}`;
    return [{ title, namespace, labels: labelsOf(template) }];
  });
}

function newNamespaces(
  before: readonly ClusterObject[],
  after: readonly ClusterObject[],
): Set<unknown> {
  const names = (objects: readonly ClusterObject[]) =>
    objects.filter(({ kind }) => kind === "Namespace").map(({ metadata }) => metadata?.name);
  const known = new Set(names(before));
  return new Set(names(after).filter((name) => !known.has(name)));
}

/** Whether it only allows connections with a new namespace, in which nothing runs. */
function isFor({ peer }: Opening, namespaces: ReadonlySet<unknown>): boolean {
  const name = mapAt(peer, "namespaceSelector", "matchLabels")["kubernetes.io/metadata.name"];
  return name !== undefined && namespaces.has(name);
}
