import { z } from "zod";

/**
 * `web`: takes requests, by a Service and a route. `worker`: takes its work itself, for example out of a
 * queue; it has no domain, Service or route, and a canary is a share of its pods.
 */
export const kind = z.enum(["web", "worker"]).default("web");

/** Whether an app, or the template of a release, is a worker. */
export function isWorker(of: { kind?: unknown }): boolean {
  return of.kind === "worker";
}

/** Pods of all releases of a worker together. */
export function workerReplicas({
  scaling: { replicas = 2 },
}: {
  scaling: { replicas?: number };
}): number {
  return replicas;
}
