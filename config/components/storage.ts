import { z } from "zod";
import { expected, listed, show } from "../errors";
import { expectedSecret } from "../expected";
import { validPort, hasValidPort } from "../image-names";
import { isNormalized, normalizedPath } from "../paths";
import { secretText } from "../secret-text";
import { crdFile, host, ipAddress, labels, name } from "../values";

const reclaimPolicy = z.enum(["Delete", "Retain"]).default("Delete");

const mountOption = z
  .string()
  .regex(/^[^\s"'\\]+$/, "an option of the command mount, without spaces and quotes");

/** One export of an NFS server, and its StorageClass. */
const nfsExport = z.strictObject({
  server: z.union([host, ipAddress], {
    error: "a host name or an IP address of the NFS server",
  }),
  /** Exported path. */
  share: z
    .string()
    .regex(/^\/[^\s#]*$/, "the exported path, for example /exports/files")
    .refine(isNormalized, normalizedPath)
    .refine((path) => !path.includes("//"), "a path with single slashes"),
  /** What happens to a volume's folder when its claim is deleted. */
  onDelete: z.enum(["delete", "retain", "archive"]).default("delete"),
  reclaimPolicy,
  mountOptions: z.array(mountOption).default(["nfsvers=4.1"]),
});

/** A key of Ceph. Its text never appears in an error, so it never appears in a log. */
const cephKey = secretText(
  (key) => /^[A-Za-z0-9+/]{38}==$/.test(key),
  "the user's key as ceph prints it, 40 characters that end in ==",
);

/** A user of Ceph. The key comes from a Secret, or is encrypted in this config. */
const cephUser = z.union(
  [
    /**
     * Secret in namespace `storage` with the keys `userID` and `userKey`; for CephFS also `adminID` and
     * `adminKey`.
     */
    z.strictObject({
      /** Name of the Secret. */
      secret: name,
    }),
    z.strictObject({
      id: z.string().regex(/^(?!client\.)\S+$/, 'a user as Ceph lists it, without "client."'),
      /** Set with `pulumi config set --secret --path`. */
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
  /** Erasure-coded pool for the data. */
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
  mountOptions: z.array(mountOption).default(["discard"]),
  reclaimPolicy,
});

const cephFsClass = z.strictObject({
  /** Name of the CephFS file system. */
  fileSystem: z.string().min(1),
  /** Data pool. Default: that of the file system. */
  pool: z.string().min(1).optional(),
  mountOptions: z.array(mountOption).default([]),
  reclaimPolicy,
});

const someClass = "expected at least one class, got none";

/** A Ceph cluster outside this cluster. */
const ceph = z
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
    /** Block devices (RBD). */
    rbd: z
      .strictObject({
        user: cephUser,
        radosNamespace: z.string().min(1).optional(),
        classes: z.record(name, rbdClass).refine((map) => Object.keys(map).length > 0, someClass),
      })
      .optional(),
    /** Shared file systems (CephFS). */
    cephfs: z
      .strictObject({
        user: cephUser,
        /**
         * Subvolume group in which the volumes are created, in every file system that a class names. It must
         * exist: `ceph fs subvolumegroup create <fileSystem> <group>` (docs/storage.md).
         */
        subvolumeGroup: z.string().min(1).default("csi"),
        classes: z
          .record(name, cephFsClass)
          .refine((map) => Object.keys(map).length > 0, someClass),
      })
      .optional(),
  })
  .refine(({ rbd, cephfs }) => rbd !== undefined || cephfs !== undefined, {
    error: "expected rbd, cephfs or both, got neither",
  });

/** Storage: the drivers for the stack's volumes, and the StorageClasses that claims name. */
export const storage = z
  .strictObject({
    /** Pods of each driver's controller. One is the leader, the others are on standby. */
    replicas: z.int().min(1).max(5).default(1),
    /** StorageClass of claims that name none. Without it, the cluster's own default does not change. */
    default: name.optional(),
    nfs: z
      .strictObject({
        /** One StorageClass per export, by the name of the class. */
        exports: z.record(name, nfsExport).refine((map) => Object.keys(map).length > 0, {
          error: "expected at least one export, got none",
        }),
      })
      .optional(),
    ceph: ceph.optional(),
    /** StorageClasses that already exist in the cluster, by name, with their kind. */
    existing: z.record(name, z.enum(["block", "shared"])).default({}),
    /** VolumeSnapshots. Off by default. */
    snapshots: z
      .strictObject({
        /** Custom resource definitions of volume snapshots. Omit them if the cluster already has them. */
        crds: crdFile.optional(),
      })
      .optional(),
    /** The kubelet's folder on every node. */
    kubeletDirectory: z
      .string()
      .regex(/^(\/[\w.-]+)+$/, "an absolute path")
      .refine(isNormalized, normalizedPath)
      .default("/var/lib/kubelet"),
    /**
     * Labels of the nodes that run the drivers. Default: all Linux nodes. The nodes of the controllers also
     * need the labels of `placement.nodeGroup`.
     */
    nodeLabels: labels.default({ "kubernetes.io/os": "linux" }),
  })
  .superRefine((value, context) => {
    const seen = new Set<string>();
    for (const [path, name] of classKeys(value)) {
      if (seen.has(name)) {
        context.addIssue({
          code: "custom",
          path,
          message: expected("a name that no other StorageClass has", show(name)),
        });
      }
      seen.add(name);
    }
    const own = ownClasses(value).sort();
    if (value.default !== undefined && !own.includes(value.default)) {
      context.addIssue({
        code: "custom",
        path: ["default"],
        message: expected(`a StorageClass declared here (${listed(own)})`, show(value.default)),
      });
    }
  });

/** @see {@link storage} */
export type StorageConfig = z.infer<typeof storage>;
/** @see {@link nfsExport} */
export type NfsExport = z.infer<typeof nfsExport>;
/** @see {@link ceph} */
export type CephConfig = z.infer<typeof ceph>;
/** @see {@link cephUser} */
export type CephUser = z.infer<typeof cephUser>;
/** @see {@link rbdClass} */
export type RbdClass = z.infer<typeof rbdClass>;
/** @see {@link cephFsClass} */
export type CephFsClass = z.infer<typeof cephFsClass>;

/** Returns the names of the classes by their kind. */
export function classesByPurpose(config: StorageConfig): { block: string[]; shared: string[] } {
  const existing = (purpose: "block" | "shared") =>
    Object.keys(config.existing).filter((name) => config.existing[name] === purpose);
  return {
    block: [...Object.keys(config.ceph?.rbd?.classes ?? {}), ...existing("block")].sort(),
    shared: [
      ...Object.keys(config.nfs?.exports ?? {}),
      ...Object.keys(config.ceph?.cephfs?.classes ?? {}),
      ...existing("shared"),
    ].sort(),
  };
}

type Classes = Pick<StorageConfig, "nfs" | "ceph" | "existing">;

function classKeys({ nfs, ceph: cluster, existing }: Classes): [path: string[], name: string][] {
  const keys = (path: string[], map: object = {}) =>
    Object.keys(map).map((name): [string[], string] => [[...path, name], name]);
  return [
    ...keys(["nfs", "exports"], nfs?.exports),
    ...keys(["ceph", "rbd", "classes"], cluster?.rbd?.classes),
    ...keys(["ceph", "cephfs", "classes"], cluster?.cephfs?.classes),
    ...keys(["existing"], existing),
  ];
}

function ownClasses(config: Classes): string[] {
  return classKeys({ ...config, existing: {} }).map(([, name]) => name);
}
