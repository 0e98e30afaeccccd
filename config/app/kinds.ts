import { z } from "zod";

/**
 * `web`: serves requests through a Service and a route. `worker`: fetches its work itself, for example from a
 * queue. A worker has no domain, Service or route, and its canary is a share of its pods.
 */
export const kind = z.enum(["web", "worker"]).default("web");

/** Whether an app, or the template of a release, is a worker. */
export function isWorker(of: { kind?: unknown }): boolean {
  return of.kind === "worker";
}

/** Whether KEDA sets the number of pods of a worker, by queries or times. */
export function isAutoscaled({
  scaling: { queries = {}, times = [] },
}: {
  scaling: { queries?: object; times?: readonly unknown[] };
}): boolean {
  return Object.keys(queries).length > 0 || times.length > 0;
}

/** Returns the number of pods of all releases of a worker together, if nothing scales it. */
export function workerReplicas({
  scaling: { replicas = 2 },
}: {
  scaling: { replicas?: number };
}): number {
  return replicas;
}
