import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { httpRoute, parentRef, type GatewayAddress } from "./gateway-api";
import { objectLabels } from "./labels";
import { requestFilters } from "./middlewares";

/** Arguments of {@link webRoute}. */
export interface WebRouteArgs {
  namespace: pulumi.Input<string>;
  /** Host name that is served. */
  host: string;
  /** Service of the same namespace that all requests go to, and its port. */
  service: pulumi.Input<string>;
  port: number;
  /** Other Services of the namespace, by the prefix of the paths that go to them instead. */
  paths?: Record<string, { service: pulumi.Input<string>; port: number }>;
  gateway: GatewayAddress;
  /** Longest time for a request, "0s" without limit: uploads of images and artifacts take long. */
  requestTimeout?: string;
}

/** The route of a part of the platform that has pages or an API of its own. */
export function webRoute(
  name: string,
  { namespace, host, service, port, paths = {}, gateway, requestTimeout }: WebRouteArgs,
  parent: pulumi.Resource,
): k8s.apiextensions.CustomResource {
  const metadata = { namespace, labels: objectLabels(name, name) };
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
        // The longest prefix decides; their order here does not.
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
