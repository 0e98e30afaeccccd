import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

/** API group of Gateway API. */
export const gatewayGroup = "gateway.networking.k8s.io";

/** A Service that a rule sends requests to. Every field that the API would fill in is written out, so that nothing ever differs. */
export interface BackendRef {
  group: "";
  kind: "Service";
  name: pulumi.Input<string>;
  port: number;
  /** Share of the requests, relative to the rule's other backends. */
  weight: pulumi.Input<number>;
}

/** What a route needs to attach itself: the environment's Gateway. */
export interface GatewayAddress {
  name: pulumi.Input<string>;
  namespace: pulumi.Input<string>;
  /** What allow-lists need to know; nothing where the gateway takes no middlewares. */
  clients?: Clients;
}

/** How the gateway knows its clients. */
export interface Clients {
  /** Ranges of the proxies whose `X-Forwarded-For` it believes. */
  forwardedBy: string[];
  /** Client addresses that may open the platform's web UIs, by the UI's route, or for all as `default`. */
  allow?: Record<string, string[] | undefined>;
}

/** One condition of a rule. */
export interface RouteMatch {
  path: { type: "PathPrefix"; value: string };
  headers?: { type: "Exact" | "RegularExpression"; name: string; value: string }[];
  queryParams?: { type: "Exact"; name: string; value: string }[];
}

/** A filter that is an object of Traefik. */
export interface RouteFilter {
  type: "ExtensionRef";
  extensionRef: { group: "traefik.io"; kind: "Middleware"; name: pulumi.Input<string> };
}

/** `spec` of an HTTPRoute, as far as the platform uses it. */
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
    /** What requests pass on their way; objects of the route's own namespace. */
    filters?: RouteFilter[];
    backendRefs: BackendRef[];
    /** Longest time for a request; "0s" is without limit. Traefik's own default without it. */
    timeouts?: { request: string };
  }[];
}

/** `spec` of a Gateway, as far as the platform uses it. */
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

/** A GatewayClass: which controller serves the Gateways that name it. */
export function gatewayClass(
  name: string,
  args: { metadata: Metadata; spec: { controllerName: string } },
  opts: pulumi.CustomResourceOptions,
): k8s.apiextensions.CustomResource {
  return custom("GatewayClass", name, args, opts);
}

/** A Gateway: the listeners that routes attach to. */
export function gateway(
  name: string,
  args: { metadata: Metadata; spec: GatewaySpec },
  opts: pulumi.CustomResourceOptions,
): k8s.apiextensions.CustomResource {
  return custom("Gateway", name, args, opts);
}

/** An HTTPRoute: which requests go to which Services. */
export function httpRoute(
  name: string,
  args: { metadata: Metadata; spec: HttpRouteSpec },
  opts: pulumi.CustomResourceOptions,
): k8s.apiextensions.CustomResource {
  return custom("HTTPRoute", name, args, opts);
}

/** A ReferenceGrant: lets objects of one namespace name objects of another. */
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

/** The reference by which a route attaches to a Gateway of another namespace. */
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
  return new k8s.apiextensions.CustomResource(name, { apiVersion, kind, ...args }, opts);
}
