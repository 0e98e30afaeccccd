import type { PartContainer, PodVolume } from "./part-container";

/** Key of the resource by which Kubernetes counts what pods write to their node's disk. */
const key = "ephemeral-storage";

/**
 * What a container of the platform requests, and may write beside its volumes, Mi: its log (the
 * kubelet rotates it at 10 Mi and keeps 5 files by default) and what it writes to its root.
 */
const container = { request: 64, limit: 256 };

/** The same as requests and limits, for pods that the builder does not declare. */
export const containerDisk = {
  requests: { [key]: `${container.request}Mi` },
  limits: { [key]: `${container.limit}Mi` },
};

const mebibytes = { Mi: 1, Gi: 1024, Ti: 1024 ** 2 } as const;

/** A size such as `64Mi` in Mi. @throws Error for another unit. */
function inMebibytes(size: string): number {
  const [, digits, unit] = /^(\d+)(Mi|Gi|Ti)$/.exec(size) ?? [];
  if (digits === undefined || unit === undefined) {
    throw new Error(`sizeLimit: expected a number of Mi, Gi or Ti, got ${JSON.stringify(size)}`);
  }
  return Number(digits) * mebibytes[unit as keyof typeof mebibytes];
}

/**
 * Adds requests and limits of ephemeral storage to the containers that have none. The emptyDirs of
 * a pod count against the sum of its containers' limits, so each adds to those that mount it; those
 * in memory count as memory.
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
    const limit = sizes.reduce((sum, size) => sum + inMebibytes(size), container.limit);
    const { requests, limits } = it.resources;
    return {
      ...it,
      resources: {
        requests: { [key]: `${container.request}Mi`, ...requests },
        limits: { [key]: `${limit}Mi`, ...limits },
      },
    };
  });
}
