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

/** Requests that have all that is named here. */
export interface RequestKind {
  /** Headers with their values, by name. */
  headers?: Record<string, string>;
  cookie?: { name: string; value: string };
  /** Parameters of the query with their values, by name. */
  query?: Record<string, string>;
}

interface RouteArgs extends RequestLimits {
  namespace: pulumi.Input<string>;
  /** Host names, the domain first. */
  hosts: string[];
  /** Prefixes of the paths. */
  paths: string[];
  gateway: GatewayAddress;
  /** Requests that go to the canary whatever its weight: those of any of these kinds. */
  canaryFor: RequestKind[];
  /** Share of the canary's Service, percent; known once it may change. */
  canaryWeight: pulumi.Output<number>;
}

/**
 * The app's HTTPRoute. Its shape is the same for all of its life, two rules with both Services
 * each; a release changes the last rule's weights and nothing else.
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
    ...exactly(headers),
    ...(cookie === undefined ? [] : [cookieCondition(cookie)]),
  ];
  const parameters = exactly(query);
  return {
    path: prefix(path),
    ...(conditions.length === 0 ? {} : { headers: conditions }),
    ...(parameters.length === 0 ? {} : { queryParams: parameters }),
  };
}

function exactly(values: Record<string, string>) {
  return Object.entries(values).map(([name, value]) => ({ type: "Exact" as const, name, value }));
}

/** All cookies stand in one header; Gateway API has no condition of its own for one of them. */
function cookieCondition({ name, value }: { name: string; value: string }) {
  const pair = `${name}=${value}`.replaceAll(".", "\\.");
  return { type: "RegularExpression" as const, name: "cookie", value: `(^|; ?)${pair}(;|$)` };
}

/** Both Services with weights that sum to 100. */
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
