import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { ProgramError } from "../../config";
import type { Clients, GatewayAddress, RouteFilter } from "./gateway-api";

/** What the gateway checks of the requests of one route. */
export interface RequestLimits {
  /** Ranges of client addresses that may come; everyone without it. */
  allow?: string[];
  /** Largest body, bytes; any without it. */
  maxBodyBytes?: number;
}

/** A body up to this size is held in memory, a larger one in a file below /tmp. */
const memoryBodyBytes = 1024 * 1024;

/**
 * Traefik's objects for what a route's requests must pass, in the route's own namespace.
 * @returns the filters of every rule of the route, in the order in which they are passed.
 */
export function requestFilters(
  route: string,
  limits: RequestLimits,
  {
    metadata,
    gateway,
  }: {
    metadata: { namespace: pulumi.Input<string>; labels: Record<string, string> };
    gateway: GatewayAddress;
  },
  parent: pulumi.Resource,
): RouteFilter[] {
  const specs = middlewares(limits, gateway);
  return Object.entries(specs).map(([kind, spec]) => {
    const name = `${route}-${kind}`;
    const declared = new k8s.apiextensions.CustomResource(
      name,
      {
        apiVersion: "traefik.io/v1alpha1",
        kind: "Middleware",
        metadata: { name, ...metadata },
        spec,
      },
      { parent },
    );
    return {
      type: "ExtensionRef",
      extensionRef: { group: "traefik.io", kind: "Middleware", name: declared.metadata.name },
    };
  });
}

function middlewares(
  { allow, maxBodyBytes }: RequestLimits,
  gateway: GatewayAddress,
): Record<string, object> {
  return {
    ...(allow === undefined
      ? {}
      : {
          "allow-list": {
            ipAllowList: allowList(allow, gateway.clients),
          },
        }),
    ...(maxBodyBytes === undefined
      ? {}
      : {
          "body-size": {
            buffering: {
              maxRequestBodyBytes: maxBodyBytes,
              memRequestBodyBytes: Math.min(maxBodyBytes, memoryBodyBytes),
            },
          },
        }),
  };
}

/**
 * Who may come. Behind proxies that name the client in X-Forwarded-For, the client is the last address
 * there that is not one of theirs; a request that came past them has none, and is refused.
 */
export function allowList(sourceRange: string[], clients: Clients | undefined): object {
  if (clients === undefined) {
    throw new ProgramError(
      "An allow-list is declared, and the gateway takes no middlewares; set platform:components.gateway.middlewares, or update the platform stack first.",
    );
  }
  return {
    sourceRange,
    ...(clients.forwardedBy.length === 0
      ? {}
      : { ipStrategy: { excludedIPs: clients.forwardedBy } }),
  };
}
