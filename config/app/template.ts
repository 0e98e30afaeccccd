import { z } from "zod";
import { imageRepository } from "../image-names";
import { webAddress } from "../web-address";
import { resources } from "../resources";
import { bytes, host, ipAddress, name, port, secretKeyName, variable } from "../values";
import { container } from "./containers";
import { cronWork } from "./cron";
import { externalSecrets } from "./external-secrets";
import { migrateWork } from "./migrate";
import { presetNames } from "../../versions/app-runtimes";
import { probes } from "./probes";
import { resolved } from "./resolved";
import { containerPath, volumeMounts } from "./volumes";

/** A key of a Secret that exists in the app's namespace. The config never contains the value. */
const secretKey = z.strictObject({
  /** Name of the Secret. */
  secret: name,
  /** Key within the Secret. */
  key: secretKeyName,
});

/** Kinds of logs that the log pipeline reads from directories of the node. */
export const logKinds = ["accesslogs", "devlogs", "tomcatlogs"] as const;

/** Maximum size of a ConfigMap, bytes. */
const largestConfigMap = 1024 * 1024;

function sizeOf(files: Readonly<Record<string, string>>): number {
  return Object.values(files).reduce((sum, content) => sum + Buffer.byteLength(content), 0);
}

/** A command as a list of words. It runs without a shell. */
const command = z.array(z.string().min(1)).min(1);

/** Everything that defines a release's pods. It is frozen when the release is first deployed. */
export const templateShape = {
  /** Image repository without a tag. The tag is the version of the release. */
  image: imageRepository,
  /**
   * What the app is built with. It provides the port, the probes, the resources, environment variables and the size
   * of `/tmp` that such an app needs. Without it, those of a small app on port 8080 apply.
   */
  preset: z.enum(presetNames).optional(),
  /**
   * Port that the app listens on. At least 1024, because its pods do not run as root. A worker has none unless it
   * is set.
   * @default 8080
   */
  port: port.min(1024).optional(),
  /**
   * Protocol of the port: `http` is HTTP/1.1 and WebSocket, `h2c` is HTTP/2 without TLS, which gRPC needs. All
   * releases of an app use the same protocol.
   * @default http
   */
  protocol: z.enum(["http", "h2c"]).optional(),
  /**
   * Environment variables. Kubernetes replaces `$(NAME)` with the value of the variable NAME, and `$$` with `$`.
   */
  env: z.record(variable, z.string()).default({}),
  /** Environment variables from Secrets, by name. */
  secretEnv: z.record(variable, secretKey).default({}),
  /**
   * Where the app sends its traces, with OTLP over HTTP. Default: the stack's own collectors, beginning with
   * the first release that is deployed after they are declared.
   */
  tracesEndpoint: webAddress("an address such as http://collector.example.com:4318").optional(),
  /** Files that are mounted read-only, by absolute path. They belong to the release. */
  configFiles: z
    .record(containerPath, z.string())
    .refine((files) => sizeOf(files) <= largestConfigMap, {
      error: ({ input }) =>
        `expected at most ${largestConfigMap} bytes in all files of an app together, because one ConfigMap contains them, got ${sizeOf(input as Record<string, string>)}`,
    })
    .default({}),
  /** Secrets that are mounted read-only as folders: the name of the Secret, by absolute path. */
  secretFiles: z.record(containerPath, name).default({}),
  /**
   * Command of a worker, instead of that of its image. A list of words, which runs without a shell. Default: the
   * command of the image.
   */
  command: command.optional(),
  /**
   * CPU, memory and disk of the app's container. Default: those of the preset; without a preset, requests of 100m
   * and 128Mi, and limits of 1 CPU and 256Mi.
   */
  resources: resources.optional(),
  /**
   * When a pod may get requests, when it is restarted, and how long it may take to start. Default: the probes of
   * the preset, which a worker does not have. With `protocol: h2c`, these only check that the port opens.
   */
  probes: probes.optional(),
  /** Where Prometheus finds the app's own metrics. Without it, only the metrics of the gateway exist. */
  metrics: z
    .strictObject({
      /** Port of the metrics. Default: the app's own port. */
      port: port.min(1024).optional(),
      /** Path of the metrics on that port. */
      path: z.string().regex(/^\//, "a path such as /metrics").default("/metrics"),
    })
    .optional(),
  /** Extra lines of `/etc/hosts`: host names by IP address. */
  hostAliases: z.record(ipAddress, z.array(host).min(1)).default({}),
  /** Directories that the app writes logs to, by kind of log. They are directories of the node. */
  logDirectories: z.partialRecord(z.enum(logKinds), containerPath).default({}),
  /**
   * Commands that run in the app's container after it starts and before it stops. A web app's `stop` runs in `/bin/sh`, after
   * the time in which the gateway stops sending requests: without a shell in the image it fails, and the pod ends at
   * once.
   */
  hooks: z
    .strictObject({
      /** Runs after the container has started; the app may already serve requests. Default: nothing. */
      start: command.optional(),
      /** Runs before the container gets SIGTERM. Default: nothing. */
      stop: command.optional(),
    })
    .default({}),
  /** Node group for the pods. Default: any node that is not exclusive. */
  nodeGroup: name.optional(),
  /** Containers that run next to the app for as long as it runs. */
  sidecars: z.record(name, container).default({}),
  /** Containers that run before the app starts, one after the other in this order. */
  initContainers: z.array(container.extend({ name })).default([]),
  /** Time that the app has for its last requests after SIGTERM, seconds. */
  drainSeconds: z.int().min(1).max(3600).default(30),
  /** Maximum size of `/tmp`. A pod that writes more is evicted. Default: that of the preset. */
  tmp: bytes.optional(),
  /** Whether the app can write only to mounted directories and to `/tmp`. */
  readOnlyRootFilesystem: z.boolean().default(true),
};

/** @see {@link templateShape} */
export const releaseTemplate = z.strictObject({
  ...templateShape,
  /** `worker` for a worker; omitted for a web app. */
  kind: z.literal("worker").optional(),
  /** What its jobs run, by job name. */
  cron: cronWork.optional(),
  /** Secrets from a secret store, by their names in `secretEnv` and `secretFiles`. */
  externalSecrets: externalSecrets.optional(),
  /** Volumes that its pods mount, by their names. */
  volumes: volumeMounts.optional(),
  /** The migration that runs before the version's first pod starts. */
  migrate: migrateWork.optional(),
  /** Values that the program adds. Releases of older programs have none. */
  resolved: resolved.optional(),
});

/** @see {@link templateShape} */
export type ReleaseTemplate = z.infer<typeof releaseTemplate>;
/** One of {@link logKinds}. */
export type LogKind = (typeof logKinds)[number];
