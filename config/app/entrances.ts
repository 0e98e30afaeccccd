import { z } from "zod";
import { host } from "../values";

/** A path of whole segments, as Gateway API takes it for a prefix. */
const pathPrefix = z
  .string()
  .max(200)
  .regex(
    /^\/((?!\.{1,2}(\/|$))[A-Za-z0-9._~-]+(\/(?!\.{1,2}(\/|$))[A-Za-z0-9._~-]+)*)?$/,
    "a path without a final slash, such as / or /api/v2",
  );

const listText = (values: unknown) => (values as string[]).join(", ");

const distinct = (values: string[]) => new Set(values).size === values.length;

/** Hosts beside the domain; a route has at most 16. */
export const hosts = z
  .array(host)
  .max(15)
  .refine(distinct, {
    error: ({ input }) => `expected each host once, got ${listText(input)}`,
  })
  .default([]);

/** Prefixes of the paths that the app is served under, at each of its hosts. */
export const paths = z
  .array(pathPrefix)
  .min(1)
  // Each kind of requests for the canary has a match for each path, and a rule has at most 64.
  .max(8)
  .refine(distinct, {
    error: ({ input }) => `expected each path once, got ${listText(input)}`,
  })
  .default(["/"]);

/** How many requests one client may send. */
export const rateLimit = z.strictObject({
  /** Requests per second of one client's address, counted by each pod of the gateway. */
  perSecond: z.int().min(1).max(1_000_000),
  /** Requests that may come at once; `perSecond` without it. */
  burst: z.int().min(1).max(1_000_000).optional(),
});

/** @see {@link rateLimit} */
export type RateLimit = z.infer<typeof rateLimit>;

/** A host name under which an app is served, and where in its config it stands. */
export interface Host {
  key: (string | number)[];
  host: string;
}

/** Every host name of an app, its domain first; a worker has none. */
export function hostsOf({ domain, hosts: more }: { domain?: string; hosts: string[] }): Host[] {
  return [
    ...(domain === undefined ? [] : [{ key: ["domain"], host: domain }]),
    ...more.map((each, index) => ({ key: ["hosts", index], host: each })),
  ];
}

/** Host and path, as an address is written: `www.example.com`, `www.example.com/api`. */
export function addressText(host: string, path: string): string {
  return path === "/" ? host : `${host}${path}`;
}
