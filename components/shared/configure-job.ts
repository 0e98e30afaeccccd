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
   * Script files by their paths under `components/`. The first is run; the others are its imports. Relative paths
   * between them are kept.
   */
  files: [entry: string, ...others: string[]];
  /** Image, command and user ID that run the script. Default: Node.js. */
  interpreter?: { image: ImageName; command: string[]; user: number };
  /** Settings of the script, as JSON; they must contain no secrets. */
  settings: object;
  /** Secrets by file name. They are never in an environment variable or an argument. */
  secrets: Record<string, SecretKey>;
  /** Declared Secrets among them: changed content runs the script again. Default: none. */
  declaredSecrets?: readonly Pick<DeclaredSecret, "podAnnotations">[];
  /** Connections of the script, in addition to DNS. */
  network: Network;
  /** Resources that must be available first, so that the Job does not spend its retries on waiting for them. */
  dependsOn: pulumi.Resource[];
  /** Service account with whose token the script calls the cluster's API. Default: no token. */
  account?: pulumi.Input<string>;
}

const folder = { files: "/bootstrap", secrets: "/secrets" };
const node = { image: "node", command: ["node"], user: 1000 } as const;

/** Number of retries; the first waits 10 s, and each later one twice as long as the previous one. */
const retries = 6;

/** Time limit for all attempts together. */
const deadlineSeconds = 1800;

/** Exit code of a script after an error that no retry can fix. */
const permanentErrorExitCode = 2;

/**
 * Declares a Job that configures a server through its API. Its name contains the hash of its script and settings, so
 * only a change of these runs it again. A finished Job stays: if it deleted itself, the next update would find it
 * missing.
 */
export function configureJob(part: Part, name: string, args: ConfigureJobArgs): k8s.batch.v1.Job {
  const { interpreter = node } = args;
  const { namespace, parent, context } = part;
  const labels = objectLabels(name, part.name);
  const data = bootstrapFiles(args);
  const files = immutableConfigMap(part, name, { data });
  const pod = podTemplate(
    name,
    part.name,
    {
      user: interpreter.user,
      ownsVolumes: "small",
      account: args.account,
      secrets: args.declaredSecrets,
      containers: [container(name, args, interpreter)],
      volumes: [
        { name: "files", configMap: { name: files.name, items: keyPaths(args.files) } },
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

/** Keys of a ConfigMap cannot contain slashes; paths of its volume can. */
function keyOf(file: string): string {
  return file.replaceAll("/", ".");
}

function keyPaths(files: string[]): k8s.types.input.core.v1.KeyToPath[] {
  return [
    ...files.map((path) => ({ key: keyOf(path), path })),
    { key: settingsFile, path: settingsFile },
  ];
}

/**
 * Returns no volume if there are no secrets: the API server changes an empty list of sources to null, which would be
 * drift.
 */
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
    // Shows the end of the script's output in the Job's status.
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
