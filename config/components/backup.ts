import { z } from "zod";
import { expectedSecret } from "../expected";
import { isSchedule } from "../cron";
import { expected, show } from "../errors";
import { secretText } from "../secret-text";
import { webAddress } from "../web-address";
import { bytes, name, port, server } from "../values";

/** The systems that are saved, each by a CronJob of its own. */
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

/** As much of the parts' configs as decides which systems there are to save. */
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

/** The systems that a stack with these parts saves. */
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

/** Minutes and hours of every day: an alert fires for a backup that is older than 26 hours. */
const schedule = z
  .string()
  .refine((text) => / \* \* \*$/.test(text) && isSchedule(text.slice(0, -6), ["minute", "hour"]), {
    error: ({ input }) =>
      expected(
        'a time of every day in UTC as cron writes it, for example "30 1 * * *"',
        show(input),
      ),
  });

/** A secret text without spaces. */
function secretWord(minimum: number, what: string) {
  return secretText((text) => text.length >= minimum && !/\s/.test(text), what);
}

/** Who writes to the bucket, and the key that everything in it is encrypted with. */
const credentials = z.union(
  [
    /** Secret with the keys `credentials` (a credentials file of the AWS tools) and `password`, made by hand in the namespace of each saved system. */
    z.strictObject({ secret: name }),
    z.strictObject({
      accessKey: secretWord(3, "the access key of the bucket"),
      secretKey: secretWord(8, "the secret key of the bucket"),
      /** Encryption key of the backups. Without it they are lost: keep it outside of this cluster and its state. */
      password: secretWord(20, "an encryption key of at least 20 characters without spaces"),
    }),
  ],
  // Never the value itself: it may hold a key.
  {
    error: expectedSecret(
      "{secret} with the name of a Secret of each saved system's namespace, or {accessKey, secretKey, password}",
    ),
  },
);

/** How many backups of a system are kept; one may count for several of these. */
const retention = z.strictObject({
  /** The latest, however old they are. */
  last: z.int().min(1).max(1000).default(10),
  /** The latest of each day that has one. */
  daily: z.int().min(1).max(1000).default(14),
  weekly: z.int().min(0).max(1000).default(8),
  monthly: z.int().min(0).max(1000).default(12),
});

/** Backups of what the platform's parts hold, in a bucket outside of the cluster. */
export const backup = z.strictObject({
  /** S3-compatible storage; off-site is where this is, so never this cluster's own. */
  repository: z.strictObject({
    endpoint: webAddress("an address of the storage, for example https://s3.example.com"),
    bucket: z
      .string()
      .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "a bucket's name, 3 to 63 characters"),
    region: z.string().min(1).default("us-east-1"),
    /** Folder in the bucket, in front of each system's own; the environment's name without it. */
    prefix: z
      .string()
      .regex(/^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/, "a path without a slash at its ends")
      .optional(),
  }),
  credentials,
  retention: retention.prefault({}),
  /** When each system is saved, UTC. At different times, as they share a way out of the cluster. */
  schedules: z
    .strictObject({
      jenkins: schedule.default("0 1 * * *"),
      grafana: schedule.default("15 1 * * *"),
      harbor: schedule.default("30 1 * * *"),
      nexus: schedule.default("0 2 * * *"),
      /** Of the check that Elasticsearch made its snapshot at 1:30, and may be read back. */
      elasticsearch: schedule.default("0 4 * * *"),
      etcd: schedule.default("45 */6 * * *"),
      gitlab: schedule.default("30 2 * * *"),
    })
    .prefault({}),
  /** Systems whose backups pause; their alert of old backups is quiet then. */
  suspended: z.array(z.enum(savedSystems)).default([]),
  /** Room on a node's disk for a dump before it is uploaded; for GitLab, what its whole backup takes. */
  staging: bytes.default("20Gi"),
  /** etcd itself, where its members can be reached; a managed control plane saves its own. */
  etcd: z
    .strictObject({
      /** One member, which the snapshot is taken from. */
      endpoint: webAddress("the address of a member, for example https://10.0.0.1:2379", /^https$/),
      /** Secret of namespace `backup` with `ca.crt`, `tls.crt` and `tls.key` of a client. */
      secret: name,
    })
    .optional(),
  /** A GitLab on a machine of its own, which makes its backup when it is asked over SSH (docs/backup.md). */
  gitlab: z
    .strictObject({
      /** Machine that GitLab runs on. */
      host: server,
      /** Its port for SSH. */
      port: port.default(22),
      /** User whose key may run the backup there, and nothing else. */
      user: z
        .string()
        .regex(/^[a-z_][a-z0-9_-]{0,31}$/, "the name of a user, such as backup")
        .default("backup"),
      /** Secret of namespace `backup` with `ssh-privatekey` and `known_hosts`, which has the machine's host key. */
      secret: name,
    })
    .optional(),
});

/** @see {@link backup} */
export type BackupConfig = z.infer<typeof backup>;
