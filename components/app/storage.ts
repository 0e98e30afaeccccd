import { bytesOf, usualStorage, type Resources } from "../../config";

const key = "ephemeral-storage";
const mebibyte = 1024 * 1024;

/**
 * What a container may write in addition to its volumes, MiB: its log, which is rotated at 50, and some files.
 */
const beside = { readOnly: 256, writable: 2048 };

/**
 * Returns a container's resources with limits for what it may write to its node's disk. A pod that writes more
 * is evicted before it fills the disk for all.
 * @param volumes sizes of the pod's volumes that the container writes to and that are deleted with the pod.
 * @param readOnly whether its root file system is read-only.
 */
export function withStorage(
  { requests, limits }: Resources,
  { volumes = [], readOnly = true }: { volumes?: string[]; readOnly?: boolean } = {},
): Resources {
  const written = readOnly ? beside.readOnly : beside.writable;
  const usual = volumes.reduce((sum, size) => sum + bytesOf(size) / mebibyte, written);
  const request = requests[key] ?? usualStorage;
  const least = Math.max(usual, Math.ceil(bytesOf(request) / mebibyte));
  return {
    requests: { ...requests, [key]: request },
    limits: { ...limits, [key]: limits[key] ?? `${least}Mi` },
  };
}
