import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { immutableConfigMap } from "./config-map";
import type { Part } from "./context";
import type { SecretKey } from "./environment";
import { contentHash } from "./hash";
import type { ImageName } from "../../versions/images";
import { objectLabels } from "./labels";
import { workloadPolicy, type Network } from "./network-policy";
import { platformPlacement } from "./placement";
import { podTemplate, scratch, type PartContainer, type PodVolume } from "./pod-template";
import type { DeclaredSecret } from "./secret";

/** Arguments of {@link configureJob}. */
export interface ConfigureJobArgs {
  /**
   * Script files by their paths under `components/`; the first is run, the others are what it
   * imports. They keep their places to each other, so that relative imports work.
   */
  files: [entry: string, ...others: string[]];
  /** What runs the script; Node.js without it. */
  interpreter?: { image: ImageName; command: string[]; user: number };
  /** What the script configures, as JSON; nothing secret. */
  settings: object;
  /** Secrets by file name; never in an environment variable or an argument. */
  secrets: Record<string, SecretKey>;
  /** Declared Secrets among them: new content runs the script again. */
  reads?: readonly Pick<DeclaredSecret, "podAnnotations">[];
  /** What the script connects to, beside DNS. */
  network: Network;
  /** What must be available before: the Job waits for it here, and not in its own retries. */
  dependsOn: pulumi.Resource[];
  /** Service account whose token the script gets, for the cluster's own API; none without it. */
  account?: pulumi.Input<string>;
  /** How long all tries together may take, in seconds; 30 minutes by default. */
  deadlineSeconds?: number;
}

const folder = { files: "/bootstrap", secrets: "/secrets" };
const node = { image: "node", command: ["node"], user: 1000 } as const;

/** Tries after a failure; each waits twice as long as the one before, from 10 s. */
const retries = 6;

/** Exit code of a script that says that no further try can help. */
const permanentErrorExitCode = 2;

/**
 * Declares a Job that configures a server through its API. It is named by the hash of its script and
 * settings, so that a change runs it again; nothing else does. A finished Job stays: one that removed
 * itself would be missing at the next update.
 */
export function configureJob(part: Part, name: string, args: ConfigureJobArgs): k8s.batch.v1.Job {
  const { deadlineSeconds = 1800, interpreter = node } = args;
  const { namespace, parent, context } = part;
  const labels = objectLabels(name, part.name);
  const data = bootstrapFiles(args);
  const files = immutableConfigMap(name, { namespace, labels, data }, parent);
  const pod = podTemplate(
    name,
    part.name,
    {
      user: interpreter.user,
      ownsVolumes: "small",
      account: args.account,
      secrets: args.reads,
      containers: [container(name, args, interpreter)],
      volumes: [
        { name: "files", configMap: { name: files.name, items: places(args.files) } },
        ...secretVolume(args.secrets),
        scratch("tmp", "64Mi"),
      ],
      spec: { restartPolicy: "Never", ...platformPlacement(context.placement) },
    },
    context,
  );
  const image = JSON.stringify(pod.spec.containers);
  const jobName = `${name}-${contentHash({ ...data, image, secrets: Object.keys(args.secrets).join() })}`;
  const usesApi = args.account !== undefined;
  workloadPolicy(part, name, args.network, { usesApi });
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
              onExitCodes: {
                containerName: name,
                operator: "In",
                values: [permanentErrorExitCode],
              },
            },
          ],
        },
        template: pod,
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
}: Pick<ConfigureJobArgs, "files" | "settings">): Record<string, string> {
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
function secretVolume(secrets: Record<string, SecretKey>): PodVolume[] {
  const sources = Object.entries(secrets).map(([path, { secret, key }]) => ({
    secret: { name: secret, items: [{ key, path }] },
  }));
  return sources.length === 0
    ? []
    : [{ name: "secrets", projected: { defaultMode: 0o440, sources } }];
}

function container(
  name: string,
  { files, secrets }: ConfigureJobArgs,
  { image, command }: { image: ImageName; command: readonly string[] },
): PartContainer {
  return {
    name,
    image,
    command: [...command, `${folder.files}/${files[0]}`],
    env: [
      { name: "BOOTSTRAP_SETTINGS", value: `${folder.files}/${settingsFile}` },
      { name: "BOOTSTRAP_SECRETS", value: folder.secrets },
    ],
    // The end of the script's output is what the Job's status shows.
    terminationMessagePolicy: "FallbackToLogsOnError",
    resources: {
      requests: { cpu: "50m", memory: "64Mi" },
      limits: { cpu: "500m", memory: "256Mi" },
    },
    volumeMounts: [
      { name: "files", mountPath: folder.files, readOnly: true },
      ...(Object.keys(secrets).length === 0
        ? []
        : [{ name: "secrets", mountPath: folder.secrets, readOnly: true }]),
      { name: "tmp", mountPath: "/tmp" },
    ],
  };
}
