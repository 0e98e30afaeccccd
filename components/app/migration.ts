import { createHash } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { objectLabels, selectorLabels } from "../shared/labels";
import { releaseAnnotation } from "./annotations";
import type { Mounts } from "./mounts";
import { jobPodSpec } from "./pod";
import type { PodArgs } from "./pod-args";

/** Label of a migration's Job: name of the release's objects that it runs for. */
export const migrationLabel = "platform/migration";

/** Annotations of it: the version that it migrates to, and the oldest one that works afterwards. */
export const migrationAnnotations = {
  version: "platform/version",
  contract: "platform/contract",
} as const;

/** The migration of a release. */
export interface Migration {
  /** Name of its Job. */
  job: string;
  /** Oldest version that works afterwards; every one without it. */
  contract?: string;
}

/** A release whose migration is waited for. */
export interface MigratingRelease {
  name: string;
  /** How long all tries of the migration may take, seconds. */
  deadlineSeconds: number;
}

/** What is waited for before a release's first pod. */
export interface MigrationWaiting {
  /** Known once a release's migration has run. */
  migrated(job: k8s.batch.v1.Job, release: MigratingRelease): pulumi.Output<unknown>;
}

/** Arguments of {@link migrationJob}. */
export interface MigrationArgs extends PodArgs {
  /** Namespace of the app. */
  namespace: pulumi.Input<string>;
  /** Name of the release's objects. */
  release: string;
  /** Version, and revision above 1. */
  key: string;
  /** Volumes and mounts of the release, which the migration shares. */
  mounts: Mounts;
  /** Command and settings of the migration. */
  migration: Migration;
}

/** Longest name of a Job, which is a label of its pods. */
const longest = 63;

/**
 * Name of the Job of a release's migration.
 * @param attempt counts from 1; each one that failed is followed by another.
 */
export function migrationJobName(release: string, attempt: number): string {
  const name = `${release}-migrate${attempt === 1 ? "" : `-${attempt}`}`;
  if (name.length <= longest) return name;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 8);
  return `${name.slice(0, longest - 9).replace(/-+$/, "")}-${hash}`;
}

/**
 * The Job of a release's migration; nothing where its template has none. It stays as it is and where
 * it is for as long as the release: nothing that changes about the release runs it again.
 */
export function migrationJob(
  app: string,
  args: MigrationArgs,
  parent: pulumi.Resource,
): k8s.batch.v1.Job | undefined {
  const { migrate } = args.template;
  if (migrate === undefined) return undefined;
  const { namespace, release, key, version, mounts, migration } = args;
  const { contract } = migration;
  const labels = {
    ...objectLabels(app, "apps"),
    // No release is named so, and no Service selects it.
    ...selectorLabels(app, `${app}.migrate`),
    [migrationLabel]: release,
  };
  return new k8s.batch.v1.Job(
    migration.job,
    {
      metadata: {
        name: migration.job,
        namespace,
        labels,
        annotations: {
          [releaseAnnotation]: key,
          [migrationAnnotations.version]: version,
          ...(contract && { [migrationAnnotations.contract]: contract }),
          // The program waits, and says where the logs are.
          "pulumi.com/skipAwait": "true",
        },
      },
      spec: {
        backoffLimit: migrate.retries,
        activeDeadlineSeconds: migrate.activeDeadlineSeconds,
        template: { metadata: { labels }, spec: jobPodSpec(args, migrate, mounts) },
      },
    },
    { parent, dependsOn: mounts.objects, ignoreChanges: ["spec", "metadata.annotations"] },
  );
}
