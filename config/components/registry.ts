import { z } from "zod";
import { fiveFields, scheduleOf } from "../cron";
import { anyImage, registryHost } from "../image-names";
import { bucket, database as databaseName } from "../outside-names";
import { secretText } from "../secret-text";
import { blockStorageClass } from "../storage-class";
import { webAddress } from "../web-address";
import { bytes, durationFrom, host, name, port, server } from "../values";

/** The volume of one pod, with a database or a cache. */
const volume = (size: string) =>
  z.strictObject({
    /** Size of the volume of each pod. */
    size: bytes.default(size),
    /** StorageClass of block devices. Default: the cluster's default class. */
    class: blockStorageClass.optional(),
  });

/** Where the layers of images are stored. */
const storage = z.discriminatedUnion("type", [
  z.strictObject({
    /** A volume of the cluster. */
    type: z.literal("volume"),
    /** Size of the volume. */
    size: bytes.default("100Gi"),
    /** StorageClass of the volume. Default: the cluster's default class. */
    class: name.optional(),
    /** Whether pods on several nodes can mount the volume at the same time, as with CephFS and NFS. */
    shared: z.boolean().default(false),
  }),
  z.strictObject({
    /** A bucket of S3-compatible storage. */
    type: z.literal("s3"),
    /** Bucket of the layers. It must exist. */
    bucket,
    /** Region of the bucket. Stores other than Amazon's usually accept the default. */
    region: z.string().min(1).default("us-east-1"),
    /** Address of an object store other than Amazon's. Default: that of Amazon in the region. */
    endpoint: webAddress("an address of the store").optional(),
    /** Secret in namespace `registry` with the keys `accessKey` and `secretKey`. */
    secret: name,
    /** Whether clients are redirected to the object store for layers. They must then be able to reach it. */
    redirect: z.boolean().default(false),
  }),
]);

const database = z.discriminatedUnion("type", [
  volume("10Gi").extend({
    /** One pod of PostgreSQL in this cluster. */
    type: z.literal("internal"),
  }),
  z.strictObject({
    /** A PostgreSQL server outside this part. */
    type: z.literal("external"),
    /** Host name or IP address of the server. */
    host: server,
    /** Port of the server. */
    port: port.default(5432),
    /** Name of the database in which Harbor creates its tables. */
    name: databaseName.default("registry"),
    /**
     * How connections are encrypted: `require` accepts any certificate, `verify-ca` checks it, and `verify-full`
     * also checks its host name.
     */
    sslMode: z.enum(["disable", "require", "verify-ca", "verify-full"]).default("require"),
    /** Secret in namespace `registry` with the keys `username` and `password`. */
    secret: name,
  }),
]);

const redis = z.discriminatedUnion("type", [
  volume("2Gi").extend({
    /** One pod of Redis in this cluster. */
    type: z.literal("internal"),
  }),
  z.strictObject({
    /** A Redis server outside this part. */
    type: z.literal("external"),
    /** Host name or IP address of the server. */
    host: server,
    /** Port of the server. */
    port: port.default(6379),
    /**
     * Secret in namespace `registry` with the key `password`: only letters and digits, because it becomes part
     * of URLs.
     */
    secret: name,
  }),
]);

/** A schedule in Harbor's format, with seconds as the first field. */
const schedule = scheduleOf(
  ["second", ...fiveFields],
  "a schedule of six fields with one space between them, seconds first, for example 0 0 2 * * 6 for Saturdays at 2:00 UTC",
);

/** Harbor in this cluster. */
const harbor = z.strictObject({
  /** Never set: it distinguishes the two forms of the registry. */
  external: z.never().optional(),
  /** Host name of its web UI and its images. Default: `harbor.<stack domain>`. */
  host: host.optional(),
  /**
   * Secret in namespace `registry` whose key `ca.crt` contains the certificates of the company's own certificate
   * authorities. Harbor trusts them in addition to the public ones. Pods read it when they start. Default: only the
   * public ones.
   */
  caBundle: name.optional(),
  /** Pods of each part that stores nothing itself. */
  replicas: z.int().min(1).max(10).default(1),
  /** Where the layers of images are stored: on a volume, or in a bucket. */
  storage: storage.prefault({ type: "volume" }),
  /** PostgreSQL, which stores everything but the layers: a pod in this cluster, or an external server. */
  database: database.prefault({ type: "internal" }),
  /** Redis, which has the queue of jobs and caches: a pod in this cluster, or an external server. */
  redis: redis.prefault({ type: "internal" }),
  /** Vulnerability database and cache of each scanner pod. */
  scanner: volume("5Gi")
    .extend({
      /**
       * Repository of the vulnerability database, for example `harbor.example.com/mirror/trivy-db`. Default: its
       * publisher's.
       */
      database: anyImage.optional(),
      /** Repository of the index of Java archives. Default: its publisher's. */
      javaDatabase: anyImage.optional(),
      /** Whether scans query no other server to identify Java archives. */
      offline: z.boolean().default(false),
    })
    .prefault({}),
  /** Which images of an app are kept. The base images in project `template` are all kept. */
  retention: z
    .strictObject({
      /**
       * Number of images that are kept in each repository, the latest ones: of each environment, by the tags that
       * builds write (`<version>-<environment>-<commit>`), and of all together.
       */
      latest: z.int().min(5).max(1000).default(30),
      /**
       * Images that were pulled within this time are kept: a running image is pulled when its pods move to
       * another node. At least 1d: Harbor counts whole days.
       */
      pulledWithin: durationFrom("1d").prefault("90d"),
    })
    .prefault({}),
  /** When layers that no image uses are deleted. */
  garbageCollection: schedule.default("0 0 2 * * 6"),
});

const external = z.strictObject({
  /** An existing registry outside the cluster, instead of Harbor. */
  external: z.strictObject({
    /** Host name of the registry, with its port if it is not 443. */
    address: registryHost,
    /** Account with which the pipelines push images. */
    credentials: z.strictObject({
      /** Name of the account. */
      username: z.string().min(1),
      /** Password or token of the account. Set it with `pulumi config set --secret --path`. */
      password: secretText((text) => text !== "", "a string that is not empty"),
    }),
  }),
});

/** The image registry: Harbor in the cluster, or an existing one. */
export const registry = z.union([external, harbor]);

/** @see {@link registry} */
export type RegistryConfig = z.infer<typeof registry>;
/** Harbor in this cluster, without the values that the rest of the stack determines. */
export type HarborConfig = z.infer<typeof harbor>;
