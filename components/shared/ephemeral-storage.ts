import { mebibytesOf } from "../../config";
import type { PartContainer, PodVolume } from "./part-container";

/** Name of the resource for what pods write to their node's disk. */
const key = "ephemeral-storage";

/**
 * Request and limit of a platform container besides its volumes, Mi: its log (the kubelet rotates it at 10 Mi, and
 * keeps 5 files by default), and what it writes to its root file system.
 */
const container = { request: 64, limit: 256 };

/**
 * Adds requests and limits of ephemeral storage to containers without them. The emptyDirs of a pod count against the
 * sum of its containers' limits, so each is added to the containers that mount it. Those in memory count as memory
 * instead.
 */
export function withEphemeralStorage(
  containers: readonly PartContainer[],
  volumes: readonly PodVolume[],
): PartContainer[] {
  return containers.map((it) => {
    const mounted = (it.volumeMounts ?? []) as { name: string }[];
    const sizes = volumes
      .filter(({ name }) => mounted.some((mount) => mount.name === name))
      .flatMap(({ emptyDir }) =>
        emptyDir === undefined || emptyDir.medium === "Memory" ? [] : [emptyDir.sizeLimit],
      );
    const { requests, limits } = it.resources;
    return {
      ...it,
      resources: {
        requests: { [key]: `${container.request}Mi`, ...requests },
        limits: { [key]: `${diskOf(container.limit, sizes)}Mi`, ...limits },
      },
    };
  });
}

/**
 * Returns how much a container may write to its node's disk, Mi.
 * @param outside what it may write outside its volumes, Mi.
 * @param volumes sizes of its volumes.
 */
export function diskOf(outside: number, volumes: readonly string[]): number {
  return volumes.reduce((sum, size) => sum + mebibytesOf(size), outside);
}
