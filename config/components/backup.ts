import { z } from "zod";
import { expectedSecret } from "../expected";
import { fiveFields, scheduleOf } from "../cron";
import { bucket } from "../outside-names";
import { secretText } from "../secret-text";
import { webAddress } from "../web-address";
import { bytes, name, port, server } from "../values";

/** The systems that are backed up, each by its own CronJob. */
export const savedSystems = [
  "jenkins",
  "harbor",
  "nexus",
  "grafana",
  "elasticsearch",
  "etcd",
  "gitlab",
] as const;

/** One of {@link savedSystems}. */
export type SavedSystem = (typeof savedSystems)[number];

/** The parts of the components' configs that determine which systems are backed up. */
export interface SavedComponents {
  backup?: { etcd?: object; gitlab?: object };
  /** Jenkins. */
  ci?: { external?: object };
  /** Harbor. */
  registry?: { external?: object; database?: object };
  /** Nexus. */
  artifacts?: object;
  /** Grafana. */
  monitoring?: object;
  /** Elasticsearch. */
  logging?: object;
}

/** Returns the systems that a stack with these parts backs up. */
export function systemsToSave(parts: SavedComponents): SavedSystem[] {
  const present: Record<SavedSystem, boolean> = {
    jenkins: parts.ci !== undefined && parts.ci.external === undefined,
    harbor: parts.registry?.database !== undefined,
    nexus: parts.artifacts !== undefined,
    grafana: parts.monitoring !== undefined,
    elasticsearch: parts.logging !== undefined,
    etcd: parts.backup?.etcd !== undefined,
    gitlab: parts.backup?.gitlab !== undefined,
  };
  return savedSystems.filter((system) => present[system]);
}

const daily =
  'a time of every day in UTC as cron writes it, with one space between its fields, for example "30 1 * * *"';

/** Minute and hour of a daily time: an alert fires if a backup is older than 26 hours. */
const schedule = scheduleOf(fiveFields, daily).refine((text) => / \* \* \*$/.test(text), daily);

/** Returns the schema of a secret text without spaces. */
function secretWord(minimum: number, what: string) {
  return secretText((text) => text.length >= minimum && !/\s/.test(text), what);
}

/** The account that writes to the bucket, and the key that encrypts everything in it. */
const credentials = z.union(
  [
    /**
     * Secret with the keys `credentials` (a credentials file of the AWS tools) and `password`. Create it by
     * hand in the namespace of each system that is backed up.
     */
    z.strictObject({
      /** Name of the Secret. */
      secret: name,
    }),
    z.strictObject({
      /** Access key of the account that writes to the bucket; set it encrypted. */
      accessKey: secretWord(3, "the access key of the bucket"),
      /** Secret key of that account; set it encrypted. */
      secretKey: secretWord(8, "the secret key of the bucket"),
      /**
       * Encryption key of the backups. Without it, they are lost: keep it outside this cluster and its state.
       */
      password: secretWord(20, "an encryption key of at least 20 characters without spaces"),
    }),
  ],
  // Never the value itself: it may contain a key.
  {
    error: expectedSecret(
      "{secret} with the name of a Secret of each saved system's namespace, or {accessKey, secretKey, password}",
    ),
  },
);

/** How many backups of a system are kept. One backup can count for several of these. */
const retention = z.strictObject({
  /** The latest backups, whatever their age. */
  last: z.int().min(1).max(1000).default(10),
  /** Days whose latest backup is kept. */
  daily: z.int().min(1).max(1000).default(14),
  /** Weeks whose latest backup is kept. */
  weekly: z.int().min(0).max(1000).default(8),
  /** Months whose latest backup is kept. */
  monthly: z.int().min(0).max(1000).default(12),
});

/** Backups of the data of the platform's parts, in a bucket outside the cluster. */
export const backup = z.strictObject({
  /** S3-compatible storage. It must not be in this cluster, and should be in another location. */
  repository: z.strictObject({
    /** Address of the storage's S3 API. */
    endpoint: webAddress("an address of the storage, for example https://s3.example.com"),
    /** Bucket that contains all backups. It must exist. */
    bucket,
    /** Region of the bucket. Stores other than Amazon's usually accept the default. */
    region: z.string().min(1).default("us-east-1"),
    /** Folder in the bucket that contains the folders of the systems. Default: the name of the environment. */
    prefix: z
      .string()
      .regex(/^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/, "a path without a slash at its ends")
      .optional(),
  }),
  /** Account that writes to the bucket, and the key that encrypts the backups. */
  credentials,
  retention: retention.prefault({}),
  /**
   * When each system is backed up, in UTC. Use different times, because the backups share the cluster's
   * connection.
   */
  schedules: z
    .strictObject({
      /** Time of the backup of Jenkins. */
      jenkins: schedule.default("0 1 * * *"),
      /** Time of the backup of Grafana. */
      grafana: schedule.default("15 1 * * *"),
      /** Time of the backup of Harbor's database. */
      harbor: schedule.default("30 1 * * *"),
      /** Time of the backup of Nexus. */
      nexus: schedule.default("0 2 * * *"),
      /** Time of the check that Elasticsearch made its snapshot at 1:30 and that the snapshot can be read. */
      elasticsearch: schedule.default("0 4 * * *"),
      /** Times of the snapshots of etcd. */
      etcd: schedule.default("45 */6 * * *"),
      /** Time of the backup of GitLab. */
      gitlab: schedule.default("30 2 * * *"),
    })
    .prefault({}),
  /** Systems whose backups are suspended. Their alert about old backups does not fire. */
  suspended: z.array(z.enum(savedSystems)).default([]),
  /** Space on a node's disk for a dump before it is uploaded. For GitLab, it must hold the whole backup. */
  staging: bytes.default("20Gi"),
  /**
   * etcd, if its members can be reached. The provider of a managed control plane makes its own backups. Without it,
   * etcd is not backed up.
   */
  etcd: z
    .strictObject({
      /** The member from which the snapshot is taken. */
      endpoint: webAddress("the address of a member, for example https://10.0.0.1:2379", /^https$/),
      /** Secret in namespace `backup` with the keys `ca.crt`, `tls.crt` and `tls.key` of a client. */
      secret: name,
    })
    .optional(),
  /**
   * A GitLab on its own server, which makes its backup when the CronJob connects over SSH (docs/backup.md). Without
   * it, GitLab is not backed up.
   */
  gitlab: z
    .strictObject({
      /** Server that runs GitLab. */
      host: server,
      /** Its SSH port. */
      port: port.default(22),
      /** User whose key can run the backup there, and nothing else. */
      user: z
        .string()
        .regex(/^[a-z_][a-z0-9_-]{0,31}$/, "the name of a user, such as backup")
        .default("backup"),
      /**
       * Secret in namespace `backup` with the keys `ssh-privatekey` and `known_hosts`, which contains the
       * server's host key.
       */
      secret: name,
    })
    .optional(),
});

/** @see {@link backup} */
export type BackupConfig = z.infer<typeof backup>;
