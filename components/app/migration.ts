import { createHash } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { objectLabels, selectorLabels } from "../shared/labels";
import { releaseAnnotation } from "./annotations";
import type { Mounts } from "./mounts";
import { jobPodSpec } from "./pod";
import type { PodArgs } from "./pod-args";

/** Label of a migration's Job: name of the objects of its release. */
export const migrationLabel = "platform/migration";

/** Annotations of the Job: the version that it migrates to, and the oldest version that works afterwards. */
export const migrationAnnotations = {
  version: "platform/version",
  contract: "platform/contract",
} as const;

/** The migration of a release. */
export interface Migration {
  /** Name of its Job. */
  job: string;
  /** Oldest version that works afterwards. Default: every version. */
  contract?: string;
}

/** A release whose migration the update waits for. */
export interface MigratingRelease {
  name: string;
  /** Maximum time of all attempts of the migration together, seconds. */
  deadlineSeconds: number;
}

/** What the update waits for before a release's first pod. */
export interface MigrationWaiting {
  /** Resolves after a release's migration has run. */
  afterMigration(job: k8s.batch.v1.Job, release: MigratingRelease): pulumi.Output<unknown>;
}

/** Arguments of {@link migrationJob}. */
export interface MigrationArgs extends PodArgs {
  /** Namespace of the app. */
  namespace: pulumi.Input<string>;
  /** Name of the release's objects. */
  release: string;
  /** Version, and revision if it is above 1. */
  key: string;
  /** Volumes and mounts of the release, which the migration also uses. */
  mounts: Mounts;
  /** Command and settings of the migration. */
  migration: Migration;
}

/** Maximum length of a Job's name, which is a label of its pods. */
const maximumNameLength = 63;

/**
 * Returns the name of the Job of a release's migration.
 * @param attempt number of the attempt, from 1. Each failed attempt is followed by another one.
 */
export function migrationJobName(release: string, attempt: number): string {
  const name = `${release}-migrate${attempt === 1 ? "" : `-${attempt}`}`;
  if (name.length <= maximumNameLength) return name;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 8);
  return `${name.slice(0, maximumNameLength - 9).replace(/-+$/, "")}-${hash}`;
}

/**
 * Declares the Job of a release's migration; undefined if its template has none. The Job does not change while
 * the release exists: no change of the release runs it again.
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
    // No release has this name, so no Service selects these pods.
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
          // The program itself waits, and its error tells where the logs are.
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
