import { z } from "zod";
import { expected, listed, show } from "../errors";
import { isNormalized, normalizedPath } from "../paths";
import { crdFile, host, ipAddress, labels, name } from "../values";
import { ceph, mountOption, reclaimPolicy } from "./ceph";

/** One export of an NFS server, and its StorageClass. */
const nfsExport = z.strictObject({
  /** Host name or IP address of the NFS server. */
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
  /** Options of mount(8) for the volumes. */
  mountOptions: z.array(mountOption).default(["nfsvers=4.1"]),
});

/** Storage: the drivers for the stack's volumes, and the StorageClasses that claims name. */
export const storage = z
  .strictObject({
    /** Pods of each driver's controller. One is the leader, the others are on standby. */
    replicas: z.int().min(1).max(5).default(1),
    /** StorageClass of claims that name none. Without it, the cluster's own default does not change. */
    default: name.optional(),
    /** Volumes on NFS servers: a folder for each claim. Without it, their driver is not installed. */
    nfs: z
      .strictObject({
        /** One StorageClass per export, by the name of the class. */
        exports: z.record(name, nfsExport).refine((map) => Object.keys(map).length > 0, {
          error: "expected at least one export, got none",
        }),
      })
      .optional(),
    /** A Ceph cluster outside this cluster. Without it, its drivers are not installed. */
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
