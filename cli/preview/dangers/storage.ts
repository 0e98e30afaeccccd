import type { Danger, Situation } from "./danger";
import { changes, updates } from "./fields";

const standard = "storageclass.kubernetes.io/is-default-class";

/** What becomes of data when its claim goes, and where new data is put. */
export function storage(situation: Situation): Danger[] {
  const of = (kinds: string[], what: string, ...path: string[]) =>
    updates(situation, ...kinds).flatMap((update) => changes("storage", update, what, path));
  return [
    ...of(["StorageClass"], "treats a volume otherwise when its claim goes", "reclaimPolicy"),
    ...of(["StorageClass"], "makes volumes elsewhere", "provisioner"),
    ...of(["StorageClass"], "makes volumes otherwise", "parameters"),
    ...of(["StorageClass"], "makes volumes otherwise", "mountOptions"),
    ...of(["StorageClass"], "lets volumes grow otherwise", "allowVolumeExpansion"),
    ...of(["StorageClass"], "is or is no longer the default", "metadata", "annotations", standard),
    ...of(
      ["VolumeSnapshotClass"],
      "treats a snapshot otherwise when its object goes",
      "deletionPolicy",
    ),
    ...of(["VolumeSnapshotClass"], "makes snapshots otherwise", "parameters"),
    ...of(
      ["PersistentVolume"],
      "is treated otherwise when its claim goes",
      "spec",
      "persistentVolumeReclaimPolicy",
    ),
    ...of(["PersistentVolumeClaim"], "is kept elsewhere", "spec", "storageClassName"),
    ...of(
      ["PersistentVolumeClaim"],
      "has another size",
      "spec",
      "resources",
      "requests",
      "storage",
    ),
    ...of(
      ["StatefulSet"],
      "treats its volumes otherwise when pods go",
      "spec",
      "persistentVolumeClaimRetentionPolicy",
    ),
  ];
}
