import { z } from "zod";
import { ingressClassName } from "../ingress-class";
import { host } from "../values";

/** A path of whole segments, which Gateway API accepts as a prefix. */
const pathPrefix = z
  .string()
  .max(200)
  .regex(
    /^\/((?!\.{1,2}(\/|$))[A-Za-z0-9._~-]+(\/(?!\.{1,2}(\/|$))[A-Za-z0-9._~-]+)*)?$/,
    "a path without a final slash, such as / or /api/v2",
  );

const listText = (values: unknown) => (values as string[]).join(", ");

const areDistinct = (values: string[]) => new Set(values).size === values.length;

/** Hosts in addition to the domain; a route has at most 16. */
export const hosts = z
  .array(host)
  .max(15)
  .refine(areDistinct, {
    error: ({ input }) => `expected each host once, got ${listText(input)}`,
  })
  .default([]);

/** Prefixes of the paths that the app serves, on each of its hosts. */
export const paths = z
  .array(pathPrefix)
  .min(1)
  // Each kind of requests for the canary has a match for each path, and a rule has at most 64.
  .max(8)
  .refine(areDistinct, {
    error: ({ input }) => `expected each path once, got ${listText(input)}`,
  })
  .default(["/"]);

/** How many requests one client may send. */
export const rateLimit = z.strictObject({
  /** Requests per second from one client address. Each gateway pod counts separately. */
  perSecond: z.int().min(1).max(1_000_000),
  /** Requests that may arrive at once. Default: `perSecond`. */
  burst: z.int().min(1).max(1_000_000).optional(),
});

/** A host name of an app, and its key in the app's config. */
export interface Host {
  key: (string | number)[];
  host: string;
}

/** Returns every host name of an app, its domain first. A worker has none. */
export function hostsOf({ domain, hosts: more }: { domain?: string; hosts: string[] }): Host[] {
  return [
    ...(domain === undefined ? [] : [{ key: ["domain"], host: domain }]),
    ...more.map((each, index) => ({ key: ["hosts", index], host: each })),
  ];
}

/** Returns host and path as in an address: `www.example.com`, `www.example.com/api`. */
export function addressText(host: string, path: string): string {
  return path === "/" ? host : `${host}${path}`;
}

/** What serves an app at the gateway. */
export type GatewayRoute = "a route" | "an Ingress";

/**
 * Returns what serves an app at the gateway; undefined if another controller serves its Ingress.
 * @param app validated, or as in a file: without defaults, and possibly invalid.
 */
export function gatewayRouteOf({ ingress }: { ingress?: unknown }): GatewayRoute | undefined {
  if (typeof ingress !== "object" || ingress === null) return "a route";
  const { className = ingressClassName } = ingress as { className?: unknown };
  return className === ingressClassName ? "an Ingress" : undefined;
}
