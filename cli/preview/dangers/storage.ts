import type { Danger, Situation } from "./danger";
import { changes, updates } from "./fields";

const standard = "storageclass.kubernetes.io/is-default-class";

/** Returns changes in what happens to data when its claim is deleted, and in where new data is stored. */
export function storage(situation: Situation): Danger[] {
  const of = (kinds: string[], what: string, ...path: string[]) =>
    updates(situation, ...kinds).flatMap((update) => changes("storage", update, what, path));
  return [
    ...of(
      ["StorageClass"],
      "treats a volume differently when its claim is deleted",
      "reclaimPolicy",
    ),
    ...of(["StorageClass"], "creates volumes elsewhere", "provisioner"),
    ...of(["StorageClass"], "creates volumes differently", "parameters"),
    ...of(["StorageClass"], "creates volumes differently", "mountOptions"),
    ...of(["StorageClass"], "expands volumes differently", "allowVolumeExpansion"),
    ...of(
      ["StorageClass"],
      "becomes or stops being the default",
      "metadata",
      "annotations",
      standard,
    ),
    ...of(
      ["VolumeSnapshotClass"],
      "treats a snapshot differently when its object is deleted",
      "deletionPolicy",
    ),
    ...of(["VolumeSnapshotClass"], "creates snapshots differently", "parameters"),
    ...of(
      ["PersistentVolume"],
      "is treated differently when its claim is deleted",
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
      "treats its volumes differently when pods are deleted",
      "spec",
      "persistentVolumeClaimRetentionPolicy",
    ),
  ];
}
