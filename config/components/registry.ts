import { z } from "zod";
import { cronFields, isSchedule } from "../cron";
import { expected, show } from "../errors";
import { anyImage, registryHost } from "../image-names";
import { secretText } from "../secret-text";
import { blockStorageClass } from "../storage-class";
import { webAddress } from "../web-address";
import { bytes, duration, host, name, port, server } from "../values";

/** A volume of one pod, with a database or a cache: its size, and the StorageClass, the cluster's default without it. */
const volume = (size: string) =>
  z.strictObject({ size: bytes.default(size), class: blockStorageClass.optional() });

/** Where the layers of images lie. */
const storage = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("volume"),
    size: bytes.default("100Gi"),
    class: name.optional(),
    /** Whether pods on several machines may mount the volume at once, as CephFS and NFS allow. */
    shared: z.boolean().default(false),
  }),
  z.strictObject({
    type: z.literal("s3"),
    bucket: z.string().min(3).max(63),
    region: z.string().min(1).default("us-east-1"),
    /** Address of a store that is not Amazon's. */
    endpoint: webAddress("an address of the store").optional(),
    /** Secret of namespace `registry` with the keys `accessKey` and `secretKey`. */
    secret: name,
    /** Whether clients fetch layers from the store itself; they must then be able to reach it. */
    redirect: z.boolean().default(false),
  }),
]);

const database = z.discriminatedUnion("type", [
  volume("10Gi").extend({ type: z.literal("internal") }),
  z.strictObject({
    type: z.literal("external"),
    host: server,
    port: port.default(5432),
    /** Name of the database; Harbor makes its tables in it. */
    name: z.string().min(1).default("registry"),
    sslMode: z.enum(["disable", "require", "verify-ca", "verify-full"]).default("require"),
    /** Secret of namespace `registry` with the keys `username` and `password`. */
    secret: name,
  }),
]);

const redis = z.discriminatedUnion("type", [
  volume("2Gi").extend({ type: z.literal("internal") }),
  z.strictObject({
    type: z.literal("external"),
    host: server,
    port: port.default(6379),
    /** Secret of namespace `registry` with the key `password`, of letters and digits, as it is part of URLs. */
    secret: name,
  }),
]);

/** Harbor's own form of a schedule: with seconds in front. */
const schedule = z
  .string()
  .refine((text) => isSchedule(text, Object.keys(cronFields) as (keyof typeof cronFields)[]), {
    error: ({ input }) =>
      expected(
        "a schedule of six fields, seconds first, for example 0 0 2 * * 6 for Saturdays at 2:00 UTC",
        show(input),
      ),
  });

/** Harbor in this cluster. */
const harbor = z.strictObject({
  /** Never set here: it distinguishes the two forms of the registry. */
  external: z.never().optional(),
  /** Host name of its pages and of its images; `harbor.<stack domain>` without it. */
  host: host.optional(),
  /**
   * Secret of namespace `registry` whose key `ca.crt` has the certificates of the company's own
   * authorities; Harbor trusts them besides the public ones. Read at the start of each pod.
   */
  caBundle: name.optional(),
  /** Pods of each part that keeps nothing itself. */
  replicas: z.int().min(1).max(10).default(1),
  storage: storage.prefault({ type: "volume" }),
  database: database.prefault({ type: "internal" }),
  redis: redis.prefault({ type: "internal" }),
  /** Vulnerability database and cache of each scanner pod. */
  scanner: volume("5Gi")
    .extend({
      /** Repository of the database of weaknesses, instead of its publisher's, for example `harbor.example.com/mirror/trivy-db`. */
      database: anyImage.optional(),
      /** Repository of the index of Java archives, instead of its publisher's. */
      javaDatabase: anyImage.optional(),
      /** Whether scans ask no other server for what a Java archive is. */
      offline: z.boolean().default(false),
    })
    .prefault({}),
  /** Which images of an app are kept; the base images of project `template` all are. */
  retention: z
    .strictObject({
      /** Latest pushed images of each repository. */
      latest: z.int().min(5).max(1000).default(30),
      /** Images that were pulled since: what runs somewhere is pulled when its pods move. */
      pulledWithin: duration.prefault("90d"),
    })
    .prefault({}),
  /** When layers that no image uses are deleted. */
  garbageCollection: schedule.default("0 0 2 * * 6"),
});

const external = z.strictObject({
  external: z.strictObject({
    /** Host name of the registry, with a port where it is not 443. */
    address: registryHost,
    credentials: z.strictObject({
      username: z.string().min(1),
      /** Encrypted: `pulumi config set --secret --path platform:components.registry.external.credentials.password`. */
      password: secretText((text) => text !== "", "a string that is not empty"),
    }),
  }),
});

/** The registry of images: Harbor in the cluster, or one that exists already. */
export const registry = z.union([external, harbor]);

/** @see {@link registry} */
export type RegistryConfig = z.infer<typeof registry>;
/** Harbor in this cluster, without what the rest of the stack decides. */
export type HarborConfig = z.infer<typeof harbor>;
/** A registry outside of this cluster. */
export type ExternalRegistryConfig = z.infer<typeof external>["external"];
