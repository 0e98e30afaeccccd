import type { z } from "zod";
import { name } from "./values";

/**
 * A StorageClass of block devices (Ceph RBD, a cloud's disks): one node at a time writes to a volume.
 * Databases, time series and all programs that lock or sync their files need this kind.
 */
export const blockStorageClass = name.brand<"block">();

/** A StorageClass of shared file systems (NFS, CephFS): many pods read and write one volume. */
export const sharedStorageClass = name.brand<"shared">();

/** @see {@link blockStorageClass} A plain text, or a shared class, does not compile in its place. */
export type BlockStorageClass = z.infer<typeof blockStorageClass>;
/** @see {@link sharedStorageClass} */
export type SharedStorageClass = z.infer<typeof sharedStorageClass>;
