import * as k8s from "@pulumi/kubernetes";
import type { Part } from "../shared/context";
import { cronJob } from "../shared/cron-job";
import { objectLabels } from "../shared/labels";
import type { Network } from "../shared/network-policy";
import { scratch, type PodVolume } from "../shared/pod-template";
import { backupClaim } from "./controller";
import { controllerSelector } from "./names";
import { toServers } from "./network";

/** Destination of the copies, away from the node that made the backups. */
export type BackupTarget =
  | { type: "volume"; storageClass?: string; size: string }
  | { type: "s3"; endpoint: string; bucket: string; prefix: string; secret: string };

/** Arguments of {@link backupCopies}. */
export interface BackupArgs {
  /** Destination of the copies. */
  target: BackupTarget;
}

/** Number of backups that are kept, on the volume and at the destination. */
const keptBackups = 10;

const name = "jenkins-backup";
const source = "/backup";
const volumeFolder = "/copies";
const labels = objectLabels(name, "ci");

/**
 * Copies first, and deletes the oldest backups afterwards. It never mirrors: an empty or broken volume would empty the
 * destination as well. Backups are named by their time, so the newest sort last. Other folders are neither counted nor
 * deleted: the file system of a volume has `lost+found`, and others may use the destination as well.
 */
const script = `
set -eu
rclone copy "$SOURCE" "$TARGET"
rclone lsf --dirs-only "$TARGET" | grep '^FULL-' | sort | head -n -${keptBackups} | while read -r old; do
  rclone purge "$TARGET/$old"
done
`.trim();

/** Declares the CronJob that copies Jenkins' backups every hour, 30 minutes after they are made. */
export function backupCopies(part: Part, args: BackupArgs): void {
  const target = destinationOf(part, args);
  cronJob(part, {
    name,
    schedule: "30 * * * *",
    // A missed run is not repeated; the next hour copies everything.
    cronJob: {
      startingDeadlineSeconds: 1200,
      successfulJobsHistoryLimit: 1,
      failedJobsHistoryLimit: 3,
    },
    retries: 1,
    deadlineSeconds: 1500,
    user: 1000,
    ownsVolumes: "large",
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

/** The volume attaches to one node at a time, so the pod runs on the controller's node. */
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

/** Settings of the container that copies, by destination. */
interface Destination {
  /** Remote and path in rclone's format. */
  address: string;
  env: k8s.types.input.core.v1.EnvVar[];
  volume: Omit<PodVolume, "name">;
  egress: NonNullable<Network["egress"]>;
  mountPath: string;
  readOnly: boolean;
}

function destinationOf({ namespace, parent }: Part, { target }: BackupArgs): Destination {
  if (target.type === "s3") {
    const folder = "/run/secrets/target";
    return {
      address: `target:${target.bucket}/${target.prefix}`,
      env: Object.entries({
        RCLONE_CONFIG_TARGET_TYPE: "s3",
        RCLONE_CONFIG_TARGET_PROVIDER: "Other",
        RCLONE_CONFIG_TARGET_ENDPOINT: target.endpoint,
        // The access key and its secret are in a file.
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
        // Many classes bind a claim only when a pod uses it, which happens up to an hour later.
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
