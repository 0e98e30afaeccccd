import { readFileSync } from "node:fs";
import { join } from "node:path";
import type * as k8s from "@pulumi/kubernetes";
import type { SavedSystem } from "../../config";
import { immutableConfigMap } from "../shared/config-map";
import type { Part } from "../shared/context";
import { cronJob } from "../shared/cron-job";
import { environmentVariables } from "../shared/environment";
import type { ImageName } from "../../versions/images";
import { anyAddress, podsOf } from "../shared/network-policy";
import { scratch, type PartContainer, type PodVolume } from "../shared/pod-template";

type VolumeMount = k8s.types.input.core.v1.VolumeMount;

/** One container of a backup. The containers run one after the other, and the first failure ends the job. */
export interface Step {
  name: string;
  image: ImageName;
  command: string[];
  environment?: Record<string, string>;
  /** Mounts in addition to the scripts and `/tmp`, which all containers have. */
  mounts?: VolumeMount[];
  /** Memory limit, for large repositories. Default: a small one. */
  memory?: string;
}

/** Arguments of {@link backupCronJob}. */
export interface BackupCronJobArgs {
  /** System to back up. */
  system: SavedSystem;
  /** Schedule: five cron fields, in UTC. */
  schedule: string;
  /** Whether no runs are started. */
  suspended: boolean;
  /** User of all steps. */
  user: number;
  /** Steps in order: init containers, and the last one as the main container. */
  steps: [...preparing: Step[], last: Step];
  /** Script files by their paths under `components/`. */
  scripts: string[];
  /** Additional files for the steps, by name, in the folder of the scripts. Default: none. */
  files?: Record<string, string>;
  /** Additional volumes of the pods. Default: none. */
  volumes?: PodVolume[];
  /** Labels of a pod on whose node the volumes can be read. Default: any node. */
  sameNodeAs?: Record<string, string>;
  /** Ports of the bucket and of the system. */
  ports: number[];
  /** Workload of the same namespace that the steps connect to, and the port of its pods. Default: none. */
  server?: { pods: string; port: number };
}

/** Where scripts and files are in every step. */
export const scriptsFolder = "/scripts";

/** Returns the path of a script in every step. */
export function scriptPath(file: string): string {
  return `${scriptsFolder}/${file}`;
}

/** Declares a CronJob that backs up a system. Alerts watch every CronJob whose name contains `backup`. */
export function backupCronJob(part: Part, args: BackupCronJobArgs): void {
  const { system, schedule, suspended, user, volumes = [], sameNodeAs, server } = args;
  const name = `backup-${system}`;
  const { data, items } = fileSet(args);
  const scripts = immutableConfigMap(part, name, { data });
  const containers = args.steps.map(container);
  const initContainers = containers.slice(0, -1);
  cronJob(part, {
    name,
    schedule,
    suspended,
    user,
    ownsVolumes: "large",
    // A file may disappear while it is read; then a retry succeeds.
    retries: 2,
    deadlineSeconds: 6 * 3600,
    ...(initContainers.length === 0 ? {} : { initContainers }),
    containers: containers.slice(-1),
    volumes: [
      ...volumes,
      { name: "scripts", configMap: { name: scripts.name, items } },
      // The cache of the repository's indexes.
      scratch("tmp", "4Gi"),
    ],
    ...(sameNodeAs === undefined ? {} : { spec: { affinity: sameNode(sameNodeAs) } }),
    network: {
      egress: [
        // The addresses of the bucket and the system are not known here, only their ports.
        { to: [{ namespaceSelector: {} }, anyAddress], ports: args.ports },
        ...(server === undefined ? [] : [{ to: [podsOf(server.pods)], ports: [server.port] }]),
      ],
    },
    cronJob: {
      // A run still starts if the controller was unavailable for up to an hour.
      startingDeadlineSeconds: 3600,
      successfulJobsHistoryLimit: 1,
      failedJobsHistoryLimit: 3,
    },
    dependsOn: [scripts.configMap],
  });
}

function container(step: Step): PartContainer {
  return {
    name: step.name,
    image: step.image,
    command: step.command,
    env: environmentVariables({ HOME: "/tmp", ...step.environment }),
    // Shows the end of the script's output in the Job's status.
    terminationMessagePolicy: "FallbackToLogsOnError",
    resources: {
      requests: { cpu: "100m", memory: "128Mi" },
      limits: { cpu: "1", memory: step.memory ?? "512Mi" },
    },
    volumeMounts: [
      ...(step.mounts ?? []),
      { name: "scripts", mountPath: scriptsFolder, readOnly: true },
      { name: "tmp", mountPath: "/tmp" },
    ],
  };
}

function sameNode(matchLabels: Record<string, string>): k8s.types.input.core.v1.Affinity {
  return {
    podAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { labelSelector: { matchLabels }, topologyKey: "kubernetes.io/hostname" },
      ],
    },
  };
}

/**
 * Returns the files of the ConfigMap, whose keys cannot contain slashes, and their paths in the volume, which
 * can.
 */
function fileSet({ scripts, files = {} }: Pick<BackupCronJobArgs, "scripts" | "files">): {
  data: Record<string, string>;
  items: k8s.types.input.core.v1.KeyToPath[];
} {
  const read = (file: string) => readFileSync(join(__dirname, "..", file), "utf8");
  const all = [...scripts.map((file) => [file, read(file)] as const), ...Object.entries(files)];
  const key = (path: string) => path.replaceAll("/", ".");
  return {
    data: Object.fromEntries(all.map(([path, text]) => [key(path), text])),
    items: all.map(([path]) => ({ key: key(path), path })),
  };
}
