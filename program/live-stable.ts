import { lookup } from "../config";
import type { ReleaseKey } from "../releases";
import type { LiveApp } from "./wait/live-app";

/**
 * Returns the key of the release that the cluster runs as stable, which distinguishes a lost record from a
 * first deployment. The Deployment of a worker has its role from the beginning: if it has no available pod, its
 * first deployment has failed.
 */
export function liveStableOf(live: LiveApp | undefined): ReleaseKey | undefined {
  const stable = live?.services.stable;
  if (live === undefined || stable === undefined) return undefined;
  const pods = lookup(live.releases, stable.name);
  return pods?.worker !== undefined && pods.ready === 0 ? undefined : stable.key;
}
