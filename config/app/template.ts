import { z } from "zod";
import { bytes, host, name, port, resources } from "../values";
import { container } from "./containers";
import { presetNames } from "../../versions/app-runtimes";
import { probes } from "./probes";
import { resolved } from "./resolved";

/** An absolute path inside a container. */
export const containerPath = z
  .string()
  .regex(/^(\/[A-Za-z0-9_.][A-Za-z0-9._-]*)+$/, "an absolute path such as /etc/shop/app.yaml");

/** Name of an environment variable. */
const variable = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "an environment variable's name");

/** A key of a Secret that exists in the app's namespace; no secret value ever stands in the config. */
const secretKey = z.strictObject({
  secret: name,
  key: z
    .string()
    .max(253)
    .regex(
      /^(?!\.{1,2}$)[-._a-zA-Z0-9]+$/,
      "a key of a Secret: letters, digits, dashes, dots and underscores",
    ),
});

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
  image: z
    .string()
    .regex(
      /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)+$/,
      "an image repository without a tag, for example harbor.example.com/shop/web",
    ),
  /** What the app is made with; gives the port, probes and resources that such an app needs. */
  preset: z.enum(presetNames).optional(),
  /** Port that the app listens on; at least 1024, as its pods are not root. */
  port: port.min(1024).optional(),
  env: z.record(variable, z.string()).default({}),
  /** Environment variables out of Secrets, by name. */
  secretEnv: z.record(variable, secretKey).default({}),
  /**
   * Where the app sends its traces, by OTLP over HTTP. Without it, to the stack's own collectors,
   * from the first release on that is deployed after they are declared.
   */
  tracesEndpoint: z
    .url({ protocol: /^https?$/, error: "an address such as http://collector.example.com:4318" })
    .optional(),
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
  hostAliases: z
    .record(z.union([z.ipv4(), z.ipv6()], { error: "an IP address" }), z.array(host).min(1))
    .default({}),
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
  /** What the program adds to it; releases of older programs have none. */
  resolved: resolved.optional(),
});

/** @see {@link templateShape} */
export type ReleaseTemplate = z.infer<typeof releaseTemplate>;
/** One of {@link logKinds}. */
export type LogKind = (typeof logKinds)[number];
