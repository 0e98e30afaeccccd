import type * as pulumi from "@pulumi/pulumi";
import { ProgramError } from "../../config";
import { customResource } from "./custom-resource";
import type { Clients, GatewayAddress, RouteFilter } from "./gateway-api";

/** Limits that the gateway enforces on the requests of a route. */
export interface RequestLimits {
  /** Address ranges of allowed clients. Default: all clients. */
  allow?: string[];
  /** Largest request body, bytes. Default: no limit. */
  maxBodyBytes?: number;
  /** Largest number of requests per second, and in a burst, from one client address. Default: no limit. */
  rateLimit?: { perSecond: number; burst?: number };
}

/** Bodies up to this size are kept in memory, larger ones in a file below /tmp. */
const memoryBodyBytes = 1024 * 1024;

/**
 * Declares Traefik's middlewares for a route, in the route's namespace.
 * @returns the filters for every rule of the route, in the order in which requests pass them.
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
    const declared = customResource(
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
  { allow, maxBodyBytes, rateLimit }: RequestLimits,
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
    ...(rateLimit === undefined
      ? {}
      : { "rate-limit": { rateLimit: rate(rateLimit, gateway.clients) } }),
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
 * Returns the allow-list of clients. Behind proxies that set X-Forwarded-For, the client is the last address in it that
 * is not a proxy's. A request that bypassed the proxies has no such address, and is rejected.
 */
export function allowList(sourceRange: string[], clients: Clients | undefined): object {
  return { sourceRange, ...clientStrategy(clients, "an allow-list") };
}

/** Limits the request rate of each client; every gateway pod counts only its own requests. */
function rate(
  { perSecond, burst = perSecond }: NonNullable<RequestLimits["rateLimit"]>,
  clients: Clients | undefined,
): object {
  const strategy = clientStrategy(clients, "a rate limit");
  const counted = Object.keys(strategy).length === 0 ? {} : { sourceCriterion: strategy };
  return { average: perSecond, burst, ...counted };
}

/** Returns how Traefik determines a client's address. Default: the address of the connection. */
function clientStrategy(clients: Clients | undefined, what: string): object {
  if (clients === undefined) {
    throw new ProgramError(
      `platform:components.gateway.middlewares: expected middlewares, which ${what} needs, got none; set it, or update the platform stack first.`,
    );
  }
  return clients.forwardedBy.length === 0
    ? {}
    : { ipStrategy: { excludedIPs: clients.forwardedBy } };
}
