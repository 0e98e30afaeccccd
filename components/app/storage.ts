import { defaultStorageRequest, mebibytesOf, type Resources } from "../../config";
import { diskOf } from "../shared/ephemeral-storage";

const key = "ephemeral-storage";

/**
 * Storage that a container may use outside its volumes, MiB: its log, which is rotated at 50 MiB, and some files.
 */
const storageOutsideVolumes = { readOnly: 256, writable: 2048 };

/**
 * Returns a container's resources with a request and a limit for the disk of its node (`ephemeral-storage`). A pod that
 * writes more is evicted before it fills the disk for all pods.
 * @param volumes sizes of the pod's volumes that the container writes to and that are deleted with the pod.
 * @param readOnly whether its root file system is read-only.
 */
export function withStorage(
  { requests, limits }: Resources,
  { volumes = [], readOnly = true }: { volumes?: string[]; readOnly?: boolean } = {},
): Resources {
  const outside = readOnly ? storageOutsideVolumes.readOnly : storageOutsideVolumes.writable;
  const request = requests[key] ?? defaultStorageRequest;
  const defaultLimit = Math.max(diskOf(outside, volumes), Math.ceil(mebibytesOf(request)));
  return {
    requests: { ...requests, [key]: request },
    limits: { ...limits, [key]: limits[key] ?? `${defaultLimit}Mi` },
  };
}
