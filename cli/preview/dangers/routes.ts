import { at, listAt, mapAt } from "../../../config/fields";
import { isUnknown } from "../masks";
import { code, words } from "../markdown";
import { titleOf, type ClusterObject, type Fields, type Step } from "../steps";
import type { Danger, Situation } from "./danger";
import { addedItems, additions, changes, textOf, updates, type Updated } from "./fields";
import {
  coversPath,
  hostsOf,
  routeKinds,
  selectedBy,
  servedBy,
  shareGateway,
  type Selected,
  type Served,
} from "./served";

/** Returns changes in which requests routes and Ingresses serve, and in the Services that get them. */
export function routes(situation: Situation): Danger[] {
  const changed = updates(situation, ...routeKinds);
  return [
    ...changed.flatMap((update) => [
      ...lostHosts(update, situation),
      ...leftGateways(update),
      ...newSelections(update),
      ...elsewhere(update),
      ...changes("exposure", update, "is served by another controller", [
        "spec",
        "ingressClassName",
      ]),
    ]),
    ...[...changed, ...additions(situation, ...routeKinds)].flatMap((update) =>
      takenPaths({ before: undefined, ...update }, situation),
    ),
  ];
}

/** Returns hosts and paths that are no longer served. */
function lostHosts({ step, before, after }: Updated, { objects }: Situation): Danger[] {
  const now = servedBy(after);
  const hosts = new Set([...hostsOf(after), ...now.map(({ host }) => host)]);
  const next = (old: Served) =>
    objects.after.find(
      (other) =>
        !isSameObject(other, after) &&
        isRoute(other) &&
        servedBy(other).some((served) => covers(served, old)),
    );
  const formerly = servedBy(before);
  const isTaken = (host: string) => formerly.some((old) => old.host === host && next(old));
  const gone = hostsOf(before).filter(
    (host) => !hosts.has(host) && !hosts.has("*") && !isTaken(host),
  );
  const paths = formerly.filter(
    (old) => !gone.includes(old.host) && !now.some((served) => covers(served, old)),
  );
  return [
    ...gone.map((host) =>
      danger(words`${titleOf(step)} no longer serves ${host}: its clients get an error.`),
    ),
    ...paths.map((old) => {
      const other = next(old);
      const end =
        other === undefined
          ? "its clients get an error"
          : words`its requests go to ${nameOf(other)}`;
      return danger(words`${titleOf(step)} no longer serves ${textFor(old)}: ` + `${end}.`);
    }),
  ];
}

/** Returns Gateways that a route is no longer attached to. */
function leftGateways({ step, before, after }: Updated): Danger[] {
  return addedItems(listAt(after, "spec", "parentRefs"), listAt(before, "spec", "parentRefs")).map(
    (parent) =>
      danger(
        words`${titleOf(step)} is no longer attached to ${parentText(parent, step)}: requests there get a 404.`,
      ),
  );
}

/** `Gateway gateway/internal, section websecure`; the kind and the namespace have defaults in Kubernetes. */
function parentText(parent: unknown, { namespace = "" }: Step): string {
  const { kind = "Gateway", name, sectionName, port, ...fields } = mapAt(parent);
  return [
    `${textOf(kind)} ${textOf(fields.namespace ?? namespace)}/${textOf(name)}`,
    ...(sectionName === undefined ? [] : [`section ${textOf(sectionName)}`]),
    ...(port === undefined ? [] : [`port ${textOf(port)}`]),
  ].join(", ");
}

/** Returns requests that are selected by their content: those of a canary, regardless of its weight. */
function newSelections({ step, before, after }: Updated): Danger[] {
  const old = selectedBy(before);
  const served = servedBy(before);
  const more = selectedBy(after).filter(
    (now) =>
      !old.some((former) => selects(former, now)) &&
      // A new path takes requests from no other route.
      served.some(({ path }) => coversPath(path, now.path)),
  );
  return more.map(({ path, conditions, to }) => {
    const service = to === undefined || isUnknown(to) ? "another Service" : code(to);
    return danger(
      words`${titleOf(step)} sends more requests to ` +
        `${service}, whatever the weights are: ` +
        words`those of ${path.value} with ${conditions.join(" and ")}.`,
    );
  });
}

function selects(wide: Selected, narrow: Selected): boolean {
  return (
    coversPath(wide.path, narrow.path) &&
    wide.conditions.every((condition) => narrow.conditions.includes(condition))
  );
}

/** Returns Services that a rule newly sends requests to. A change of weights alone is not listed. */
function elsewhere({ step, before, after }: Updated): Danger[] {
  const old = backendsOf(before);
  const now = backendsOf(after);
  if (now.some(isUnknown)) return [];
  const more = [...new Set(now)].filter((name) => !old.includes(name));
  return more.length === 0
    ? []
    : [
        danger(
          words`${titleOf(step)} sends requests to ${more.join(", ")}, which got none of them before.`,
        ),
      ];
}

function backendsOf(object: ClusterObject): string[] {
  const backend = (fields: unknown, port: unknown) =>
    [at(fields, "namespace"), at(fields, "name"), port]
      .flatMap((part) => (part === undefined ? [] : [textOf(part)]))
      .join(" ");
  return listAt(object, "spec", "rules").flatMap((rule) => [
    ...listAt(rule, "backendRefs").map((it) => backend(it, at(it, "port"))),
    ...listAt(rule, "http", "paths").map((entry) => {
      const service = mapAt(entry, "backend", "service");
      return backend(service, at(service, "port", "number") ?? at(service, "port", "name"));
    }),
  ]);
}

/** Returns requests that another object serves, and that a new path or host takes over. */
function takenPaths(
  { step, before, after }: Omit<Updated, "before"> & { before: Fields | undefined },
  { objects }: Situation,
): Danger[] {
  const old = before === undefined ? [] : servedBy(before);
  const fresh = servedBy(after).filter((now) => !old.some((served) => covers(served, now)));
  if (fresh.length === 0) return [];
  return objects.before.filter(isRoute).flatMap((other) => {
    if (isSameObject(other, after) || !shareGateway(other, after)) return [];
    const still = objects.after.find((it) => isRoute(it) && isSameObject(it, other));
    if (still === undefined) return [];
    const served = servedBy(other).filter((it) => servedBy(still).some((now) => covers(now, it)));
    const theirs = fresh.filter((mine) => served.some((it) => takes(mine, it)));
    return theirs.length === 0
      ? []
      : [
          danger(
            words`${titleOf(step)} takes requests from ${nameOf(other)}: those of ${theirs.map(textFor).join(", ")}.`,
          ),
        ];
  });
}

/**
 * Whether the first of two candidates answers: the one with the more specific host, then the one with the
 * longer path.
 */
function takes(mine: Served, theirs: Served): boolean {
  if (mine.host === theirs.host) return coversPath(theirs.path, mine.path);
  return theirs.host.startsWith("*.") && mine.host.endsWith(theirs.host.slice(1));
}

function covers(wide: Served, narrow: Served): boolean {
  return (wide.host === narrow.host || wide.host === "*") && coversPath(wide.path, narrow.path);
}

function isRoute({ kind }: ClusterObject): boolean {
  return routeKinds.includes(String(kind));
}

function isSameObject(one: ClusterObject, other: ClusterObject): boolean {
  return nameOf(one) === nameOf(other);
}

function nameOf({ kind, metadata }: ClusterObject): string {
  return `${String(kind)} ${String(metadata?.namespace)}/${String(metadata?.name)}`;
}

function textFor({ host, path }: Served): string {
  return host === "*" ? path.value : `${host}${path.value}`;
}

function danger(text: string): Danger {
  return { kind: "exposure", text };
}
