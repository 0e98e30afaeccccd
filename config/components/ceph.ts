import { z } from "zod";
import { expectedSecret } from "../expected";
import { validPort, hasValidPort } from "../image-names";
import { secretText } from "../secret-text";
import { name } from "../values";

/** What happens to a volume when its claim is deleted: `Delete` deletes its data, `Retain` keeps it. */
export const reclaimPolicy = z.enum(["Delete", "Retain"]).default("Delete");

/** One option of the command mount. */
export const mountOption = z
  .string()
  .regex(/^[^\s"'\\]+$/, "an option of the command mount, without spaces and quotes");

/** A key of Ceph. Its text never appears in an error, so it never appears in a log. */
const cephKey = secretText(
  (key) => /^[A-Za-z0-9+/]{38}==$/.test(key),
  "the user's key as ceph prints it, 40 characters that end in ==",
);

/** A user of Ceph. The key comes from a Secret, or is encrypted in this config. */
const cephUser = z.union(
  [
    z.strictObject({
      /**
       * Name of a Secret in namespace `storage` with the keys `userID` and `userKey`; for CephFS also `adminID` and
       * `adminKey`.
       */
      secret: name,
    }),
    z.strictObject({
      /** Name of the user, without `client.` in front. */
      id: z.string().regex(/^(?!client\.)\S+$/, 'a user as Ceph lists it, without "client."'),
      /** Key of the user. Set it with `pulumi config set --secret --path`. */
      key: cephKey,
    }),
  ],
  // Never the value itself: it may contain a key.
  {
    error: expectedSecret("{secret} with the name of a Secret of namespace storage, or {id, key}"),
  },
);

const rbdClass = z.strictObject({
  /** Pool of the images. If `dataPool` is set, it contains only their metadata. */
  pool: z.string().min(1),
  /** Erasure-coded pool for the data. Without it, `pool` contains the data. */
  dataPool: z.string().min(1).optional(),
  /** File system that volumes are formatted with. */
  fileSystem: z.enum(["ext4", "xfs"]).default("ext4"),
  /** Every kernel can map an image with layering; other features require Linux 5.4. */
  imageFeatures: z
    .array(
      z.enum([
        "layering",
        "exclusive-lock",
        "object-map",
        "fast-diff",
        "deep-flatten",
        "journaling",
      ]),
    )
    .default(["layering"]),
  /** Options of mount(8) for the volumes. */
  mountOptions: z.array(mountOption).default(["discard"]),
  reclaimPolicy,
});

const cephFsClass = z.strictObject({
  /** Name of the CephFS file system. */
  fileSystem: z.string().min(1),
  /** Data pool. Default: that of the file system. */
  pool: z.string().min(1).optional(),
  /** Options of mount(8) for the volumes. */
  mountOptions: z.array(mountOption).default([]),
  reclaimPolicy,
});

const someClass = "expected at least one class, got none";

/** A Ceph cluster outside this cluster. */
export const ceph = z
  .strictObject({
    /** ID of the Ceph cluster, as printed by `ceph fsid`. */
    clusterId: z.guid("the cluster's fsid, as `ceph fsid` prints it"),
    /** Addresses of the monitors. */
    monitors: z
      .array(
        z
          .string()
          .regex(
            /^([a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\]):[1-9][0-9]{0,4}$/,
            "a monitor as address:port, for example 10.0.0.1:6789",
          )
          .refine(hasValidPort, validPort),
      )
      .min(1),
    /** Block devices (RBD). Without it, their driver is not installed. */
    rbd: z
      .strictObject({
        /** User that creates and mounts the volumes. */
        user: cephUser,
        /**
         * Namespace within the pools of the images, so that several clusters can share a pool. Default: the pool's
         * own, which has no name.
         */
        radosNamespace: z.string().min(1).optional(),
        /** StorageClasses of block devices, by name. */
        classes: z.record(name, rbdClass).refine((map) => Object.keys(map).length > 0, someClass),
      })
      .optional(),
    /** Shared file systems (CephFS). Without it, their driver is not installed. */
    cephfs: z
      .strictObject({
        /** User that creates and mounts the volumes. */
        user: cephUser,
        /**
         * Subvolume group in which the volumes are created, in every file system that a class names. It must
         * exist: `ceph fs subvolumegroup create <fileSystem> <group>` (docs/storage.md).
         */
        subvolumeGroup: z.string().min(1).default("csi"),
        /** StorageClasses of shared file systems, by name. */
        classes: z
          .record(name, cephFsClass)
          .refine((map) => Object.keys(map).length > 0, someClass),
      })
      .optional(),
  })
  .refine(({ rbd, cephfs }) => rbd !== undefined || cephfs !== undefined, {
    error: "expected rbd, cephfs or both, got neither",
  });

/** @see {@link ceph} */
export type CephConfig = z.infer<typeof ceph>;
/** @see {@link cephUser} */
export type CephUser = z.infer<typeof cephUser>;
/** @see {@link rbdClass} */
export type RbdClass = z.infer<typeof rbdClass>;
/** @see {@link cephFsClass} */
export type CephFsClass = z.infer<typeof cephFsClass>;
