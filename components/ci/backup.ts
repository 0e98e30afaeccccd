import * as k8s from "@pulumi/kubernetes";
import type { Part } from "../shared/context";
import { cronJob } from "../shared/cron-job";
import { objectLabels } from "../shared/labels";
import type { Network } from "../shared/network-policy";
import { scratch, type PodVolume } from "../shared/pod-template";
import { backupClaim } from "./controller";
import { controllerSelector } from "./names";
import { toServers } from "./network";

/** Where the backups are copied to, off the machine that made them. */
export type BackupTarget =
  | { type: "volume"; storageClass?: string; size: string }
  | { type: "s3"; endpoint: string; bucket: string; prefix: string; secret: string };

/** Arguments of {@link backupCopies}. */
export interface BackupArgs {
  target: BackupTarget;
}

/** Backups that are kept, here and at the target. */
const keptBackups = 10;

const name = "jenkins-backup";
const source = "/backup";
const volumeFolder = "/copies";
const labels = objectLabels(name, "ci");

/**
 * Copies, and only then takes the oldest away. Never a mirror: an empty or broken volume would
 * empty the target as well. Backups are named by their time, so the newest are the last by name.
 */
const script = `
set -eu
rclone copy "$SOURCE" "$TARGET"
rclone lsf --dirs-only "$TARGET" | sort | head -n -${keptBackups} | while read -r old; do
  rclone purge "$TARGET/$old"
done
`.trim();

/** Copies Jenkins' backups to another place, every hour, half an hour after they are made. */
export function backupCopies(part: Part, args: BackupArgs): void {
  const target = placeOf(part, args);
  cronJob(part, {
    name,
    schedule: "30 * * * *",
    // Of a missed hour, the next one takes the place.
    cronJob: {
      startingDeadlineSeconds: 1200,
      successfulJobsHistoryLimit: 1,
      failedJobsHistoryLimit: 3,
    },
    retries: 1,
    deadlineSeconds: 1500,
    user: 1000,
    ownsVolumes: "small",
    containers: [
      {
        name: "copy",
        image: "rclone",
        command: ["sh", "-c", script],
        env: [
          { name: "SOURCE", value: source },
          { name: "TARGET", value: target.address },
          { name: "HOME", value: "/tmp" },
          ...target.env,
        ],
        resources: {
          requests: { cpu: "50m", memory: "128Mi" },
          limits: { cpu: "1", memory: "512Mi" },
        },
        volumeMounts: [
          { name: "backup", mountPath: source, readOnly: true },
          { name: "tmp", mountPath: "/tmp" },
          { name: "target", mountPath: target.mountPath, readOnly: target.readOnly },
        ],
      },
    ],
    volumes: [
      { name: "backup", persistentVolumeClaim: { claimName: backupClaim } },
      scratch("tmp", "256Mi"),
      { name: "target", ...target.volume },
    ],
    network: { egress: target.egress },
    spec: { affinity: besideController },
  });
}

/** A volume of one machine at a time is read where it is mounted already. */
const besideController: k8s.types.input.core.v1.Affinity = {
  podAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: [
      {
        labelSelector: { matchLabels: controllerSelector },
        topologyKey: "kubernetes.io/hostname",
      },
    ],
  },
};

/** What the copying container needs to reach the target. */
interface Place {
  /** Remote and path as rclone writes them. */
  address: string;
  env: k8s.types.input.core.v1.EnvVar[];
  volume: Omit<PodVolume, "name">;
  egress: NonNullable<Network["egress"]>;
  mountPath: string;
  readOnly: boolean;
}

function placeOf({ namespace, parent }: Part, { target }: BackupArgs): Place {
  if (target.type === "s3") {
    const folder = "/run/secrets/target";
    return {
      address: `target:${target.bucket}/${target.prefix}`,
      env: Object.entries({
        RCLONE_CONFIG_TARGET_TYPE: "s3",
        RCLONE_CONFIG_TARGET_PROVIDER: "Other",
        RCLONE_CONFIG_TARGET_ENDPOINT: target.endpoint,
        // The key and its secret stay in a file.
        RCLONE_CONFIG_TARGET_ENV_AUTH: "true",
        AWS_SHARED_CREDENTIALS_FILE: `${folder}/credentials`,
      }).map(([variable, value]) => ({ name: variable, value })),
      volume: { secret: { secretName: target.secret } },
      egress: toServers(443, portOf(target.endpoint)),
      mountPath: folder,
      readOnly: true,
    };
  }
  const claim = "jenkins-backup-copies";
  new k8s.core.v1.PersistentVolumeClaim(
    claim,
    {
      metadata: {
        name: claim,
        namespace,
        labels,
        // Many classes bind a claim only when a pod wants it, which here is an hour later.
        annotations: { "pulumi.com/skipAwait": "true" },
      },
      spec: {
        accessModes: ["ReadWriteOnce"],
        storageClassName: target.storageClass,
        resources: { requests: { storage: target.size } },
      },
    },
    { parent },
  );
  return {
    address: volumeFolder,
    env: [],
    volume: { persistentVolumeClaim: { claimName: claim } },
    egress: [],
    mountPath: volumeFolder,
    readOnly: false,
  };
}

function portOf(address: string): number {
  const { port, protocol } = new URL(address);
  return port === "" ? (protocol === "http:" ? 80 : 443) : Number(port);
}
