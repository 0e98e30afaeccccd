import { z } from "zod";
import { expected } from "../expected";
import { isNormalized, normalizedPath } from "../paths";
import { show } from "../show";
import { bytes, name } from "../values";

/** An absolute path inside a container. */
export const containerPath = z
  .string()
  .regex(/^(\/[A-Za-z0-9_.][A-Za-z0-9._-]*)+$/, "an absolute path such as /etc/shop/app.yaml")
  .refine(isNormalized, normalizedPath);

const accessModes = ["ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"] as const;

/** A volume of an app. */
const volume = z
  .strictObject({
    /** Folder where it is mounted. */
    path: containerPath,
    /**
     * StorageClass of the stack's storage. A volume of the app needs a shared class; a volume of each pod can
     * have any class.
     */
    storageClass: name,
    /** Size. The volume of an app can grow at any time, if its class allows expansion. */
    size: bytes,
    /**
     * `app`: one volume for all pods of all releases, for as long as the app exists. `pod`: a volume for each
     * pod, deleted with the pod.
     */
    per: z.enum(["app", "pod"]).default("app"),
    /**
     * Which nodes and pods can mount it at the same time. Default: ReadWriteMany for a volume of the app,
     * ReadWriteOnce for a volume of a pod.
     */
    accessMode: z.enum(accessModes).optional(),
  })
  .superRefine(({ per, accessMode }, { addIssue }) => {
    if (accessMode === undefined || (accessMode === "ReadWriteMany") === (per === "app")) return;
    const message =
      per === "app"
        ? expected(
            "ReadWriteMany",
            show(accessMode),
            "stable and canary run at the same time on several nodes, and a claim for one node or pod would keep one of them from starting; use a class of shared file systems, or per: pod for files that each pod has for itself; data that must not be shared belongs in a database",
          )
        : expected("ReadWriteOnce or ReadWriteOncePod next to per: pod", show(accessMode));
    addIssue({ code: "custom", path: ["accessMode"], message });
  });

/** Volumes of an app by name; its claims are named `<app>-<name>`. */
export const volumes = z.record(name, volume).default({});

/**
 * The part of the volumes that belongs to a release: the mount paths, and everything about volumes of each pod.
 * The size of the app's own volumes can change without a release.
 */
export const volumeMounts = z.record(
  z.string(),
  z.strictObject({
    path: containerPath,
    claim: z
      .strictObject({ storageClass: name, size: bytes, accessMode: z.enum(accessModes) })
      .optional(),
  }),
);

/** @see {@link volumes} */
export type VolumesConfig = z.infer<typeof volumes>;
/** @see {@link volumeMounts} */
export type ReleaseVolumes = z.infer<typeof volumeMounts>;

/** Returns what a release mounts; undefined if the app has no volumes. */
export function releaseVolumes(config: VolumesConfig): ReleaseVolumes | undefined {
  const entries = Object.entries(config).map(([volume, { path, per, ...claim }]) => {
    const { storageClass, size, accessMode = "ReadWriteOnce" } = claim;
    const own = per === "app" ? {} : { claim: { storageClass, size, accessMode } };
    return [volume, { path, ...own }] as const;
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
