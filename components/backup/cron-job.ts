import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { SavedSystem } from "../../config";
import { immutableConfigMap } from "../shared/config-map";
import { environmentVariables } from "../shared/environment";
import { imageReference, images, type ImageName } from "../shared/images";
import { objectLabels } from "../shared/labels";
import { platformPlacement, type PlacementRules } from "../shared/placement";
import { containerSecurityContext, ownsLargeVolumes, withoutApiAccess } from "../shared/pods";

type Volume = k8s.types.input.core.v1.Volume;
type VolumeMount = k8s.types.input.core.v1.VolumeMount;

/** One container of a backup; they run one after the other, and the first failure ends the job. */
export interface Step {
  name: string;
  image: ImageName;
  command: string[];
  environment?: Record<string, string>;
  /** Beside the scripts and `/tmp`, which all have. */
  mounts?: VolumeMount[];
  /** What large repositories need; little without it. */
  memory?: string;
}

/** Arguments of {@link backupCronJob}. */
export interface BackupCronJobArgs {
  system: SavedSystem;
  namespace: pulumi.Input<string>;
  schedule: string;
  suspended: boolean;
  /** User of all steps. */
  user: number;
  steps: [...preparing: Step[], last: Step];
  /** Script files by their paths under `components/`; they keep their places to each other. */
  scripts: string[];
  /** Further files for the steps, by name, in the folder of the scripts. */
  files?: Record<string, string>;
  volumes?: Volume[];
  /** Labels of a pod on whose machine the volumes can be read. */
  beside?: Record<string, string>;
  /** Prefix of an internal image mirror. */
  imageMirror?: string;
  /** Where the pods run, and how urgent they are. */
  placement?: PlacementRules;
}

/** Where scripts and files are in every step. */
export const scriptsFolder = "/scripts";

/** Path of a script in every step. */
export function scriptPath(file: string): string {
  return `${scriptsFolder}/${file}`;
}

/** A CronJob that saves a system. Alerts watch every CronJob whose name contains `backup`. */
export function backupCronJob(args: BackupCronJobArgs, parent: pulumi.Resource): void {
  const { system, namespace, schedule } = args;
  const name = `backup-${system}`;
  const labels = objectLabels(name, "backup");
  const { data, items } = fileSet(args);
  const { name: scripts, configMap } = immutableConfigMap(
    name,
    { namespace, labels, data },
    parent,
  );
  const template = podTemplate(args, { labels, scripts: { name: scripts, items } });
  new k8s.batch.v1.CronJob(
    name,
    {
      metadata: { name, namespace, labels },
      spec: {
        schedule,
        timeZone: "Etc/UTC",
        suspend: args.suspended,
        // Two that write at once would wait for each other's locks.
        concurrencyPolicy: "Forbid",
        // A controller that was away for a while still starts it.
        startingDeadlineSeconds: 3600,
        successfulJobsHistoryLimit: 1,
        failedJobsHistoryLimit: 3,
        jobTemplate: {
          metadata: { labels },
          // A file that vanished while it was read is another try's luck.
          spec: { backoffLimit: 2, activeDeadlineSeconds: 6 * 3600, template },
        },
      },
    },
    { parent, dependsOn: [configMap] },
  );
}

function podTemplate(
  args: BackupCronJobArgs,
  files: {
    labels: Record<string, string>;
    scripts: { name: string; items: k8s.types.input.core.v1.KeyToPath[] };
  },
): k8s.types.input.core.v1.PodTemplateSpec {
  const { user, volumes = [], beside, imageMirror } = args;
  const containers = args.steps.map((step) => container(step, imageMirror));
  return {
    metadata: { labels: files.labels },
    spec: {
      restartPolicy: "Never",
      ...withoutApiAccess,
      securityContext: ownsLargeVolumes(user),
      ...platformPlacement(args.placement),
      ...(beside === undefined ? {} : { affinity: sameMachine(beside) }),
      initContainers: containers.slice(0, -1),
      containers: containers.slice(-1),
      volumes: [
        ...volumes,
        { name: "scripts", configMap: files.scripts },
        { name: "tmp", emptyDir: {} },
      ],
    },
  };
}

function container(step: Step, imageMirror?: string): k8s.types.input.core.v1.Container {
  return {
    name: step.name,
    image: imageReference(images[step.image], imageMirror),
    command: step.command,
    env: environmentVariables({ HOME: "/tmp", ...step.environment }),
    // The script's last words are what the Job's status shows.
    terminationMessagePolicy: "FallbackToLogsOnError",
    resources: {
      requests: { cpu: "100m", memory: "128Mi" },
      limits: { cpu: "1", memory: step.memory ?? "512Mi" },
    },
    securityContext: { ...containerSecurityContext, readOnlyRootFilesystem: true },
    volumeMounts: [
      ...(step.mounts ?? []),
      { name: "scripts", mountPath: scriptsFolder, readOnly: true },
      { name: "tmp", mountPath: "/tmp" },
    ],
  };
}

function sameMachine(matchLabels: Record<string, string>): k8s.types.input.core.v1.Affinity {
  return {
    podAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { labelSelector: { matchLabels }, topologyKey: "kubernetes.io/hostname" },
      ],
    },
  };
}

/** Files of the ConfigMap, whose keys have no slashes, and their paths in the volume, which may. */
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
