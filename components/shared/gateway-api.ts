import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { customResource } from "./custom-resource";

/** API group of Gateway API. */
export const gatewayGroup = "gateway.networking.k8s.io";

/**
 * A Service that a rule sends requests to. Every field with an API default is set explicitly, so that previews show no
 * difference.
 */
export interface BackendRef {
  group: "";
  kind: "Service";
  name: pulumi.Input<string>;
  port: number;
  /** Weight of the backend, relative to the rule's other backends. */
  weight: pulumi.Input<number>;
}

/** The environment's Gateway, and the settings that routes need to attach to it. */
export interface GatewayAddress {
  name: pulumi.Input<string>;
  namespace: pulumi.Input<string>;
  /** How allow-lists and rate limits identify clients. Undefined if the gateway supports no middlewares. */
  clients?: Clients;
}

/** How the gateway identifies its clients. */
export interface Clients {
  /** Address ranges of the proxies whose `X-Forwarded-For` it trusts. */
  forwardedBy: string[];
  /**
   * Client address ranges that can open the platform's web UIs, by the UI's route; `default` is for all others.
   * Default: all clients.
   */
  allow?: Record<string, string[] | undefined>;
}

/** A condition of a rule. */
export interface RouteMatch {
  path: { type: "PathPrefix"; value: string };
  headers?: { type: "Exact" | "RegularExpression"; name: string; value: string }[];
  queryParams?: { type: "Exact"; name: string; value: string }[];
}

/** A filter that refers to an object of Traefik. */
export interface RouteFilter {
  type: "ExtensionRef";
  extensionRef: { group: "traefik.io"; kind: "Middleware"; name: pulumi.Input<string> };
}

/** `spec` of an HTTPRoute, restricted to the fields that the platform uses. */
export interface HttpRouteSpec {
  parentRefs: {
    group: typeof gatewayGroup;
    kind: "Gateway";
    name: pulumi.Input<string>;
    namespace: pulumi.Input<string>;
  }[];
  hostnames: string[];
  rules: {
    matches: RouteMatch[];
    /** Filters that requests pass; objects in the route's own namespace. Default: none. */
    filters?: RouteFilter[];
    backendRefs: BackendRef[];
    /** Timeout of a request; "0s" means no timeout. Default: Traefik's own. */
    timeouts?: { request: string };
  }[];
}

/** `spec` of a Gateway, restricted to the fields that the platform uses. */
export interface GatewaySpec {
  gatewayClassName: pulumi.Input<string>;
  listeners: {
    name: string;
    protocol: "HTTP" | "HTTPS";
    port: number;
    allowedRoutes: {
      namespaces: {
        from: "Selector";
        selector: {
          matchLabels: Record<string, string>;
          matchExpressions?: { key: string; operator: "In"; values: string[] }[];
        };
      };
    };
    hostname?: string;
    tls?: {
      mode: "Terminate";
      certificateRefs: { group: ""; kind: "Secret"; name: string; namespace?: string }[];
    };
  }[];
}

type Metadata = k8s.types.input.meta.v1.ObjectMeta;

/** Declares a GatewayClass: the controller of all Gateways that name it. */
export function gatewayClass(
  name: string,
  args: { metadata: Metadata; spec: { controllerName: string } },
  opts: pulumi.CustomResourceOptions,
): k8s.apiextensions.CustomResource {
  return custom("GatewayClass", name, args, opts);
}

/** Declares a Gateway: the listeners that routes attach to. */
export function gateway(
  name: string,
  args: { metadata: Metadata; spec: GatewaySpec },
  opts: pulumi.CustomResourceOptions,
): k8s.apiextensions.CustomResource {
  return custom("Gateway", name, args, opts);
}

/** Declares an HTTPRoute: which requests go to which Services. */
export function httpRoute(
  name: string,
  args: { metadata: Metadata; spec: HttpRouteSpec },
  opts: pulumi.CustomResourceOptions,
): k8s.apiextensions.CustomResource {
  return custom("HTTPRoute", name, args, opts);
}

/** Declares a ReferenceGrant: objects of one namespace can refer to objects of another. */
export function referenceGrant(
  name: string,
  args: {
    metadata: Metadata;
    spec: {
      from: { group: string; kind: string; namespace: string }[];
      to: { group: string; kind: string; name: string }[];
    };
  },
  opts: pulumi.CustomResourceOptions,
): k8s.apiextensions.CustomResource {
  return custom("ReferenceGrant", name, args, opts, "v1beta1");
}

/** Returns the reference with which a route attaches to a Gateway of another namespace. */
export function parentRef(
  name: pulumi.Input<string>,
  namespace: pulumi.Input<string>,
): HttpRouteSpec["parentRefs"][number] {
  return { group: gatewayGroup, kind: "Gateway", name, namespace };
}

function custom(
  kind: string,
  name: string,
  args: { metadata: Metadata; spec: object },
  opts: pulumi.CustomResourceOptions,
  version = "v1",
): k8s.apiextensions.CustomResource {
  const apiVersion = `${gatewayGroup}/${version}`;
  return customResource(name, { apiVersion, kind, ...args }, opts);
}
