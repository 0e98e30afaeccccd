import type * as k8s from "@pulumi/kubernetes";
import type { PodVolume } from "../shared/pod-template";
import type { BackupCronJobArgs, Step } from "./cron-job";

/** How a system is backed up: the steps that prepare files, and the files that then go into the repository. */
export interface FileBackup extends Pick<BackupCronJobArgs, "user" | "sameNodeAs"> {
  system: "jenkins" | "harbor" | "nexus" | "grafana" | "etcd" | "gitlab";
  namespace: string;
  /** Steps that prepare files, in this order. */
  steps: Step[];
  scripts: string[];
  /** Further files for the steps, by name. */
  files?: Record<string, string>;
  volumes: PodVolume[];
  /** Mounts of the last step. */
  mounts: k8s.types.input.core.v1.VolumeMount[];
  /** Folders that are backed up. */
  paths: string[];
  /** Required files: if one is missing, nothing is saved. */
  required: string[];
  /** Patterns of excluded files, in restic's format. */
  excludes: string[];
}
