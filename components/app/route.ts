import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import {
  httpRoute,
  parentRef,
  type BackendRef,
  type GatewayAddress,
  type RouteMatch,
} from "../shared/gateway-api";
import { objectLabels } from "../shared/labels";
import { requestFilters, type RequestLimits } from "../shared/middlewares";
import { servicePort, type RoleServices } from "./services";

/** Requests that match everything that is named here. */
export interface RequestKind {
  /** Headers with their values, by name. */
  headers?: Record<string, string>;
  cookie?: { name: string; value: string };
  /** Query parameters with their values, by name. */
  query?: Record<string, string>;
}

interface RouteArgs extends RequestLimits {
  namespace: pulumi.Input<string>;
  /** Host names, beginning with the domain. */
  hosts: string[];
  /** Prefixes of the paths. */
  paths: string[];
  gateway: GatewayAddress;
  /** Requests that go to the canary regardless of its weight: those that match any of these kinds. */
  canaryFor: RequestKind[];
  /** Share of the canary's Service, percent; resolves when it may change. */
  canaryWeight: pulumi.Output<number>;
}

/**
 * Declares the app's HTTPRoute. Its shape never changes: two rules, each with both Services. A release changes
 * only the weights of the last rule.
 */
export function appRoute(
  name: string,
  { namespace, hosts, paths, gateway, canaryFor, canaryWeight, ...limited }: RouteArgs,
  services: RoleServices,
  parent: pulumi.Resource,
): k8s.apiextensions.CustomResource {
  const metadata = { namespace, labels: objectLabels(name, "apps") };
  const limits = requestFilters(name, limited, { metadata, gateway }, parent);
  const filters = limits.length === 0 ? {} : { filters: limits };
  return httpRoute(
    name,
    {
      metadata: { name, ...metadata },
      spec: {
        parentRefs: [parentRef(gateway.name, gateway.namespace)],
        hostnames: hosts,
        rules: [
          {
            matches: canaryFor.flatMap((kind) => paths.map((path) => matchOf(kind, path))),
            ...filters,
            backendRefs: split(services, pulumi.output(100)),
          },
          {
            matches: paths.map((path) => ({ path: prefix(path) })),
            ...filters,
            backendRefs: split(services, canaryWeight),
          },
        ],
      },
    },
    { parent },
  );
}

function prefix(value: string): RouteMatch["path"] {
  return { type: "PathPrefix", value };
}

function matchOf({ headers = {}, cookie, query = {} }: RequestKind, path: string): RouteMatch {
  const conditions = [
    ...exactMatches(headers),
    ...(cookie === undefined ? [] : [cookieCondition(cookie)]),
  ];
  const parameters = exactMatches(query);
  return {
    path: prefix(path),
    ...(conditions.length === 0 ? {} : { headers: conditions }),
    ...(parameters.length === 0 ? {} : { queryParams: parameters }),
  };
}

function exactMatches(values: Record<string, string>) {
  return Object.entries(values).map(([name, value]) => ({ type: "Exact" as const, name, value }));
}

/** All cookies are in one header, and Gateway API has no condition for a single cookie. */
function cookieCondition({ name, value }: { name: string; value: string }) {
  const pair = `${name}=${value}`.replaceAll(".", "\\.");
  return { type: "RegularExpression" as const, name: "cookie", value: `(^|; ?)${pair}(;|$)` };
}

/** Returns both Services with weights that sum to 100. */
function split(
  { stable, canary }: RoleServices,
  canaryWeight: pulumi.Output<number>,
): BackendRef[] {
  const stableWeight = canaryWeight.apply((weight) => 100 - weight);
  return [backend(stable, stableWeight), backend(canary, canaryWeight)];
}

function backend(name: pulumi.Output<string>, weight: pulumi.Output<number>): BackendRef {
  return { group: "", kind: "Service", name, port: servicePort, weight };
}
