import { at, listAt, mapAt } from "../../../config/fields";
import type { ClusterObject } from "../steps";
import { canonicalText } from "./fields";

/** Kinds of objects that route requests from outside to Services. */
export const routeKinds = ["HTTPRoute", "Ingress"];

/** A path, and how it is compared with that of a request. */
export interface Path {
  value: string;
  type: "prefix" | "exact" | "other";
}

/** A path of a host that a route or an Ingress serves. */
export interface Served {
  host: string;
  path: Path;
}

/** Requests that are selected by more than a path, for example by `header x-gray: 1`. */
export interface Selected {
  path: Path;
  conditions: string[];
  /** The Service that gets most of them; undefined if it is not known yet. */
  to: string | undefined;
}

const types: Record<string, Path["type"]> = {
  PathPrefix: "prefix",
  Prefix: "prefix",
  // Traefik reads it as a prefix.
  ImplementationSpecific: "prefix",
  Exact: "exact",
};

/** Whether an object's paths serve all requests that another one serves. */
export function coversPath(wide: Path, narrow: Path): boolean {
  if (wide.type !== "prefix") return wide.type === narrow.type && wide.value === narrow.value;
  if (narrow.type === "other") return false;
  const prefix = wide.value.replace(/\/+$/, "");
  return narrow.value === prefix || narrow.value.startsWith(`${prefix}/`) || prefix === "";
}

/** Returns the hosts that an object names; empty if it serves every host of its gateway. */
export function hostsOf(object: ClusterObject): string[] {
  const rules = listAt(object, "spec", "rules").flatMap((rule) => at(rule, "host") ?? []);
  return [...listAt(object, "spec", "hostnames"), ...rules].map(String);
}

/** Returns every path of every host that an object serves for all kinds of requests. */
export function servedBy(object: ClusterObject): Served[] {
  if (object.kind === "Ingress") {
    return listAt(object, "spec", "rules").flatMap((rule) =>
      listAt(rule, "http", "paths").map((entry) => ({
        host: String(at(rule, "host") ?? "*"),
        path: pathOf({ value: at(entry, "path"), type: at(entry, "pathType") }),
      })),
    );
  }
  const hosts = hostsOf(object);
  const paths = matchesOf(object)
    .filter(({ match }) => conditionsOf(match).length === 0)
    .map(({ match }) => pathOf(mapAt(match, "path")));
  return (hosts.length === 0 ? ["*"] : hosts).flatMap((host) =>
    paths.map((path) => ({ host, path })),
  );
}

/** Returns the requests that an object selects by more than the path. */
export function selectedBy(object: ClusterObject): Selected[] {
  return matchesOf(object).flatMap(({ rule, match }) => {
    const conditions = conditionsOf(match);
    const path = pathOf(mapAt(match, "path"));
    return conditions.length === 0 ? [] : [{ path, conditions, to: largestBackend(rule) }];
  });
}

/** Whether two objects can get the same requests: HTTPRoutes of different Gateways cannot. */
export function shareGateway(one: ClusterObject, other: ClusterObject): boolean {
  const parents = [one, other].map((object) =>
    listAt(object, "spec", "parentRefs").map(gatewayText),
  );
  const [mine = [], theirs = []] = parents;
  if (mine.length === 0 || theirs.length === 0) return true;
  return mine.some((parent) => theirs.includes(parent));
}

function gatewayText(parent: unknown): string {
  return canonicalText([at(parent, "namespace"), at(parent, "name")]);
}

/** Returns every match with its rule. A rule without matches serves all requests. */
function matchesOf(object: ClusterObject): { rule: unknown; match: unknown }[] {
  return listAt(object, "spec", "rules").flatMap((rule) => {
    const matches = listAt(rule, "matches");
    return (matches.length === 0 ? [{}] : matches).map((match) => ({ rule, match }));
  });
}

function pathOf({ value = "/", type = "PathPrefix" }: Record<string, unknown>): Path {
  return { value: String(value), type: types[String(type)] ?? "other" };
}

/** Types of matches by how they read between a name and its value. */
const relations: Record<string, string> = { Exact: ":", RegularExpression: " matching" };

function conditionsOf(match: unknown): string[] {
  const method = at(match, "method");
  const named = (field: string, what: string) =>
    listAt(match, field).map((it) => {
      const { name, value, type = "Exact" } = mapAt(it);
      const relation = relations[String(type)] ?? ` of type ${String(type)}:`;
      return `${what} ${String(name)}${relation} ${String(value)}`;
    });
  return [
    ...(method === undefined ? [] : [`method ${String(method)}`]),
    ...named("headers", "header"),
    ...named("queryParams", "parameter"),
  ].sort();
}

function largestBackend(rule: unknown): string | undefined {
  const backends = listAt(rule, "backendRefs").map((it) => mapAt(it));
  const weight = ({ weight: share }: Record<string, unknown>) =>
    typeof share === "number" ? share : 1;
  const most = backends.reduce<Record<string, unknown> | undefined>(
    (first, each) => (first === undefined || weight(each) > weight(first) ? each : first),
    undefined,
  );
  return most === undefined || typeof most.name !== "string" ? undefined : most.name;
}
