import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Owner } from "./context";
import { httpRoute, parentRef, type GatewayAddress } from "./gateway-api";
import { objectLabels } from "./labels";
import { requestFilters } from "./middlewares";

/** Arguments of {@link webRoute}. */
export interface WebRouteArgs {
  /** Host name of the route. */
  host: string;
  /** Service in the same namespace that receives all requests. */
  service: pulumi.Input<string>;
  /** Port of the Service. */
  port: number;
  /** Other Services of the namespace, by the path prefix of their requests. Default: none. */
  paths?: Record<string, { service: pulumi.Input<string>; port: number }>;
  /** Gateway that the route attaches to. */
  gateway: GatewayAddress;
  /** Timeout of a request; "0s" means no timeout, for uploads of images and artifacts. Default: Traefik's own. */
  requestTimeout?: string;
}

/** Declares the route of a part of the platform that has a web UI or an API. */
export function webRoute(
  { name: partOf, namespace, parent }: Owner,
  name: string,
  { host, service, port, paths = {}, gateway, requestTimeout }: WebRouteArgs,
): k8s.apiextensions.CustomResource {
  const metadata = { namespace, labels: objectLabels(name, partOf) };
  const lists = gateway.clients?.allow ?? {};
  const filters = requestFilters(
    name,
    { allow: lists[name] ?? lists["default"] },
    { metadata, gateway },
    parent,
  );
  return httpRoute(
    name,
    {
      metadata: { name, ...metadata },
      spec: {
        parentRefs: [parentRef(gateway.name, gateway.namespace)],
        hostnames: [host],
        // The longest prefix wins, regardless of the order here.
        rules: Object.entries({ ...paths, "/": { service, port } }).map(([value, backend]) => ({
          matches: [{ path: { type: "PathPrefix", value } }],
          ...(filters.length === 0 ? {} : { filters }),
          backendRefs: [
            { group: "", kind: "Service", name: backend.service, port: backend.port, weight: 1 },
          ],
          ...(requestTimeout === undefined ? {} : { timeouts: { request: requestTimeout } }),
        })),
      },
    },
    { parent },
  );
}
