import { z } from "zod";
import { blockStorageClass } from "../storage-class";
import { database as databaseName } from "../outside-names";
import { bytesOf } from "../quantities";
import { webAddress } from "../web-address";
import { bytes, durationFrom, host, name, port, server } from "../values";

const url = webAddress("an address such as https://repo.example.com/");

const versionPolicy = z.enum(["release", "snapshot", "mixed"]);

/**
 * A repository, by its format and by whether it contains its own artifacts or copies of another repository's.
 */
const repository = z.discriminatedUnion("type", [
  z.strictObject({
    /** Format of the packages. */
    format: z.enum(["maven2", "npm", "pypi", "raw"]),
    /** Copies packages of another repository on demand. */
    type: z.literal("proxy"),
    /** Address of the repository that is copied on demand. */
    remote: url,
    /** Maven only: which versions are served. */
    versionPolicy: versionPolicy.default("release"),
  }),
  z.strictObject({
    /** Format of the packages. */
    format: z.enum(["maven2", "npm", "pypi", "raw"]),
    /** Contains the company's own packages. */
    type: z.literal("hosted"),
    /** Maven only: whether the repository holds releases, snapshots or both. */
    versionPolicy: versionPolicy.default("release"),
    /** Whether a released version can be pushed again. */
    overwrite: z.boolean().default(false),
  }),
  z.strictObject({
    /** Format of the packages. */
    format: z.enum(["maven2", "npm", "pypi", "raw"]),
    /** Serves several repositories at one address. */
    type: z.literal("group"),
    /** Repositories of the same format, asked in this order. */
    members: z.array(name).min(1),
  }),
]);

const database = z.discriminatedUnion("type", [
  z.strictObject({
    /** A file next to the artifacts; sufficient for one team. */
    type: z.literal("h2"),
  }),
  z.strictObject({
    /** A PostgreSQL server outside this part. */
    type: z.literal("postgresql"),
    /** Host name or IP address of the server. */
    host: server,
    /** Port of the server. */
    port: port.default(5432),
    /** Name of the database; it needs the extension pg_trgm. */
    name: databaseName.default("nexus"),
    /**
     * How connections are encrypted: `require` accepts any certificate, `verify-full` also checks it and its host
     * name.
     */
    sslMode: z.enum(["disable", "require", "verify-full"]).default("require"),
    /** Secret of namespace `artifacts` with the keys `username` and `password`. */
    secret: name,
  }),
]);

/** The smallest heap that Nexus was started with. */
const smallestHeap = "1Gi";

/** The repository of build artifacts: Nexus 3. */
export const artifacts = z.strictObject({
  /** Host name of its web UI and its repositories. Default: `nexus.<stack domain>`. */
  host: host.optional(),
  /** Accepts Sonatype's license on behalf of the company. The repositories answer only if this is true. */
  acceptEula: z.boolean().default(false),
  /** Number of pods. Only 1: several pods need a license of Nexus that this program does not support. */
  replicas: z.int().min(1).max(10).default(1),
  /** Where Nexus keeps its metadata: H2, a file on its own volume, or a PostgreSQL server. */
  database: database.prefault({ type: "h2" }),
  /** Volume of the artifacts. */
  storage: z
    .strictObject({
      /** Size of the volume, with a binary unit: `Mi`, `Gi` or `Ti`. */
      size: bytes.default("50Gi"),
      /** StorageClass of block devices. Default: the cluster's default class. */
      class: blockStorageClass.optional(),
    })
    .prefault({}),
  /**
   * Heap of the Java virtual machine. The process needs the same amount again outside the heap. The default is
   * Sonatype's minimum; at least 1Gi.
   */
  heap: bytes
    .refine((size) => bytesOf(size) >= bytesOf(smallestHeap), `at least ${smallestHeap}`)
    .default("2703Mi"),
  /** Blob stores on the volume. A repository uses the one of its format. */
  blobStores: z.array(name).default(["maven2", "npm", "pypi", "raw"]),
  /** Artifacts copied from other repositories are deleted if they were not downloaded for this time. */
  cleanup: z
    .strictObject({
      /** Time without a download. At least 1d: Nexus counts whole days. */
      unusedFor: durationFrom("1d").prefault("90d"),
    })
    .prefault({}),
  /** Repositories, by name: copies of others, own ones, and groups that serve several at one address. */
  repositories: z.record(name, repository),
});

/** @see {@link artifacts} */
export type ArtifactsConfig = z.infer<typeof artifacts>;
/** A repository of Nexus. */
export type RepositoryConfig = z.infer<typeof repository>;
