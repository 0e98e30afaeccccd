import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { immutableConfigMap } from "./config-map";
import type { SecretKey } from "./environment";
import { contentHash } from "./hash";
import { imageReference, images, type Image } from "./images";
import { platformPlacement, type PlacementRules } from "./placement";
import { containerSecurityContext, ownsVolumes } from "./pods";

/** Arguments of {@link bootstrapJob}. */
export interface BootstrapJobArgs {
  namespace: pulumi.Input<string>;
  labels: Record<string, string>;
  /**
   * Script files by their paths under `components/`; the first is run, the others are what it
   * imports. They keep their places to each other, so that relative imports work.
   */
  files: [entry: string, ...others: string[]];
  /** What runs the script, Node by default. */
  interpreter?: { image: Image; command: string[]; user: number };
  /** What the script is to bring about, as JSON; nothing secret. */
  settings: object;
  /** Secrets by file name; never in an environment variable or an argument. */
  secrets: Record<string, SecretKey>;
  /** `podAnnotations` of the Secrets: a new password runs the script anew. */
  podAnnotations?: Record<string, pulumi.Input<string>>;
  /** What must be available before: the Job waits for it here, and not in its own retries. */
  dependsOn: pulumi.Resource[];
  /** Service account whose token the script gets, for the cluster's own API; none without it. */
  serviceAccount?: pulumi.Input<string>;
  /** How long all tries together may take, in seconds; 30 minutes by default. */
  deadlineSeconds?: number;
  /** Prefix of an internal image mirror. */
  imageMirror?: string;
  /** Where the pod runs, and how urgent it is. */
  placement?: PlacementRules;
}

const folder = { files: "/bootstrap", secrets: "/secrets" };
const node = { image: images.node, command: ["node"], user: 1000 };

/** Tries after a failure; each waits twice as long as the one before, from 10 s. */
const retries = 6;

/** Exit code of a script that says that no further try can help. */
const hopelessExitCode = 2;

/**
 * A Job that brings a server's own settings about through its API. It is named by the hash of its
 * script and settings, so that a change runs it anew; nothing else does. A finished Job stays,
 * since one that removed itself would be missing at the next update.
 */
export function bootstrapJob(
  name: string,
  args: BootstrapJobArgs,
  parent: pulumi.Resource,
): k8s.batch.v1.Job {
  const { namespace, labels, deadlineSeconds = 1800 } = args;
  const interpreter = args.interpreter ?? node;
  const image = imageReference(interpreter.image, args.imageMirror);
  const data = bootstrapFiles(args);
  const files = immutableConfigMap(name, { namespace, labels, data }, parent);
  const jobName = `${name}-${contentHash({ ...data, image, secrets: Object.keys(args.secrets).join() })}`;
  return new k8s.batch.v1.Job(
    jobName,
    {
      metadata: { name: jobName, namespace, labels },
      spec: {
        backoffLimit: retries,
        activeDeadlineSeconds: deadlineSeconds,
        podFailurePolicy: {
          rules: [
            {
              action: "FailJob",
              onExitCodes: { containerName: name, operator: "In", values: [hopelessExitCode] },
            },
          ],
        },
        template: {
          metadata: { labels, annotations: args.podAnnotations ?? {} },
          spec: {
            restartPolicy: "Never",
            ...platformPlacement(args.placement),
            automountServiceAccountToken: args.serviceAccount !== undefined,
            serviceAccountName: args.serviceAccount,
            enableServiceLinks: false,
            securityContext: ownsVolumes(interpreter.user),
            containers: [container(name, args, { ...interpreter, image })],
            volumes: [
              { name: "files", configMap: { name: files.name, items: places(args.files) } },
              ...secretVolume(args.secrets),
              { name: "tmp", emptyDir: {} },
            ],
          },
        },
      },
    },
    {
      parent,
      dependsOn: [files.configMap, ...args.dependsOn],
      customTimeouts: { create: `${deadlineSeconds + 60}s` },
    },
  );
}

const settingsFile = "settings.json";

function bootstrapFiles({
  files,
  settings,
}: Pick<BootstrapJobArgs, "files" | "settings">): Record<string, string> {
  return {
    ...Object.fromEntries(
      files.map((file) => [keyOf(file), readFileSync(join(__dirname, "..", file), "utf8")]),
    ),
    [settingsFile]: `${JSON.stringify(settings, undefined, 2)}\n`,
  };
}

/** Keys of a ConfigMap have no slashes, paths of its volume may. */
function keyOf(file: string): string {
  return file.replaceAll("/", ".");
}

function places(files: string[]): k8s.types.input.core.v1.KeyToPath[] {
  return [
    ...files.map((path) => ({ key: keyOf(path), path })),
    { key: settingsFile, path: settingsFile },
  ];
}

/** No volume at all without secrets: the API server makes null of an empty list of sources, which is drift. */
function secretVolume(secrets: Record<string, SecretKey>): k8s.types.input.core.v1.Volume[] {
  const sources = Object.entries(secrets).map(([path, { secret, key }]) => ({
    secret: { name: secret, items: [{ key, path }] },
  }));
  return sources.length === 0
    ? []
    : [{ name: "secrets", projected: { defaultMode: 0o440, sources } }];
}

function container(
  name: string,
  { files, secrets }: BootstrapJobArgs,
  { image, command }: { image: string; command: string[] },
): k8s.types.input.core.v1.Container {
  return {
    name,
    image,
    command: [...command, `${folder.files}/${files[0]}`],
    env: [
      { name: "BOOTSTRAP_SETTINGS", value: `${folder.files}/${settingsFile}` },
      { name: "BOOTSTRAP_SECRETS", value: folder.secrets },
    ],
    // The script's last words are what the Job's status shows.
    terminationMessagePolicy: "FallbackToLogsOnError",
    resources: {
      requests: { cpu: "50m", memory: "64Mi" },
      limits: { cpu: "500m", memory: "256Mi" },
    },
    securityContext: { ...containerSecurityContext, readOnlyRootFilesystem: true },
    volumeMounts: [
      { name: "files", mountPath: folder.files, readOnly: true },
      ...(Object.keys(secrets).length === 0
        ? []
        : [{ name: "secrets", mountPath: folder.secrets, readOnly: true }]),
      { name: "tmp", mountPath: "/tmp" },
    ],
  };
}
