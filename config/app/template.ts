import { z } from "zod";
import { imageRepository } from "../image-names";
import { webAddress } from "../web-address";
import { bytes, host, ipAddress, name, port, resources, secretKeyName, variable } from "../values";
import { container } from "./containers";
import { cronWork } from "./cron";
import { externalSecrets } from "./external-secrets";
import { migrateWork } from "./migrate";
import { presetNames } from "../../versions/app-runtimes";
import { probes } from "./probes";
import { resolved } from "./resolved";
import { containerPath, volumeMounts } from "./volumes";

/** A key of a Secret that exists in the app's namespace; the config never contains a secret value. */
const secretKey = z.strictObject({ secret: name, key: secretKeyName });

/** Kinds of log that the log pipeline reads from directories of the machine. */
export const logKinds = ["accesslogs", "devlogs", "tomcatlogs"] as const;

/** Bytes that a ConfigMap may hold. */
const largestConfigMap = 1024 * 1024;

function sizeOf(files: Readonly<Record<string, string>>): number {
  return Object.values(files).reduce((sum, content) => sum + Buffer.byteLength(content), 0);
}

/** A command as a list of words; no shell takes it apart. */
const command = z.array(z.string().min(1)).min(1);

/** Everything that defines a release's pods; frozen when the release is first deployed. */
export const templateShape = {
  /** Image repository without a tag; the tag is the release's version. */
  image: imageRepository,
  /** What the app is made with; gives the port, probes and resources that such an app needs. */
  preset: z.enum(presetNames).optional(),
  /** Port that the app listens on; at least 1024, as its pods are not root. */
  port: port.min(1024).optional(),
  /**
   * What its port speaks: HTTP/1.1 and WebSocket, or HTTP/2 without TLS (`h2c`), which gRPC needs.
   * All releases of an app speak the same; plain HTTP without it.
   */
  protocol: z.enum(["http", "h2c"]).optional(),
  env: z.record(variable, z.string()).default({}),
  /** Environment variables out of Secrets, by name. */
  secretEnv: z.record(variable, secretKey).default({}),
  /**
   * Where the app sends its traces, by OTLP over HTTP. Without it, to the stack's own collectors,
   * from the first release on that is deployed after they are declared.
   */
  tracesEndpoint: webAddress("an address such as http://collector.example.com:4318").optional(),
  /** Files mounted read-only, by absolute path. They travel with the release. */
  configFiles: z
    .record(containerPath, z.string())
    .refine((files) => sizeOf(files) <= largestConfigMap, {
      error: ({ input }) =>
        `expected at most ${largestConfigMap} bytes in all files of an app, as one ConfigMap holds them, got ${sizeOf(input as Record<string, string>)}`,
    })
    .default({}),
  /** Secrets mounted read-only as folders, by absolute path: name of the Secret. */
  secretFiles: z.record(containerPath, name).default({}),
  /** Command of a worker in place of its image's own; a list of words, which no shell takes apart. */
  command: command.optional(),
  resources: resources.optional(),
  probes: probes.optional(),
  /** Where Prometheus finds the app's own metrics; only the gateway's are known without it. */
  metrics: z
    .strictObject({
      /** The app's own port without it. */
      port: port.min(1024).optional(),
      path: z.string().regex(/^\//, "a path such as /metrics").default("/metrics"),
    })
    .optional(),
  /** Extra lines of `/etc/hosts`: host names by IP address. */
  hostAliases: z.record(ipAddress, z.array(host).min(1)).default({}),
  /** Directories that the app writes logs to, by their kind; they are directories of the machine. */
  logDirectories: z.partialRecord(z.enum(logKinds), containerPath).default({}),
  /** Commands run inside the app's container after it starts and before it stops. */
  hooks: z.strictObject({ start: command.optional(), stop: command.optional() }).default({}),
  /** Node group that the pods run on; any node that is not exclusive without it. */
  nodeGroup: name.optional(),
  /** Containers that run beside the app for as long as it does. */
  sidecars: z.record(name, container).default({}),
  /** Containers that run to their end, in the order given, before the app starts. */
  initContainers: z.array(container.extend({ name })).default([]),
  /** Seconds that the app has for its last requests after it was told to stop. */
  drainSeconds: z.int().min(1).max(3600).default(30),
  /** Largest size of `/tmp`; that of the preset without it. A pod that writes more is evicted. */
  tmp: bytes.optional(),
  /** Whether the app may write only to mounted directories and `/tmp`. */
  readOnlyRootFilesystem: z.boolean().default(true),
};

/** @see {@link templateShape} */
export const releaseTemplate = z.strictObject({
  ...templateShape,
  /** `worker` for one; a web app has none. */
  kind: z.literal("worker").optional(),
  /** What its jobs run, by their names. */
  cron: cronWork.optional(),
  /** Secrets out of a store, by their names in `secretEnv` and `secretFiles`. */
  externalSecrets: externalSecrets.optional(),
  /** Volumes that its pods mount, by their names. */
  volumes: volumeMounts.optional(),
  /** What its version runs before its first pod starts. */
  migrate: migrateWork.optional(),
  /** What the program adds to it; releases of older programs have none. */
  resolved: resolved.optional(),
});

/** @see {@link templateShape} */
export type ReleaseTemplate = z.infer<typeof releaseTemplate>;
/** One of {@link logKinds}. */
export type LogKind = (typeof logKinds)[number];
