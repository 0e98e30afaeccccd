import type * as k8s from "@pulumi/kubernetes";
import type { PodVolume } from "../shared/pod-template";
import type { BackupCronJobArgs, Step } from "./cron-job";

/** How a system is saved: what is made ready first, and which files then go into the repository. */
export interface Saved extends Pick<BackupCronJobArgs, "user" | "beside"> {
  system: "jenkins" | "harbor" | "nexus" | "grafana" | "etcd" | "gitlab";
  namespace: string;
  /** What makes files ready, in this order. */
  steps: Step[];
  scripts: string[];
  /** Further files for the steps, by name. */
  files?: Record<string, string>;
  volumes: PodVolume[];
  /** What the last step reads. */
  mounts: k8s.types.input.core.v1.VolumeMount[];
  /** Folders that are saved. */
  paths: string[];
  /** Files without which nothing is saved. */
  required: string[];
  /** Patterns of files that are left out, as restic writes them. */
  excludes: string[];
}
