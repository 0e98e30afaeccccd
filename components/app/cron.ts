import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { CronTimes } from "../../config";
import { objectLabels, selectorLabels } from "../shared/labels";
import type { Mounts } from "./mounts";
import { jobPodSpec } from "./pod";
import type { PodArgs } from "./pod-args";

/** Arguments of {@link cronJobs}: the stable release, and the schedules of its jobs. */
export interface CronArgs extends PodArgs {
  /** Namespace of the app. */
  namespace: pulumi.Input<string>;
  /** Schedules of the jobs, by name. The release's template contains what they run. */
  cron: CronTimes;
  /** Volumes and mounts of the stable release, which the jobs also use. */
  mounts: Mounts;
  /** Resolves after the release has become stable. */
  ready: pulumi.Output<unknown>;
}

/** How late a run may start, seconds, for example while the control plane is being updated. */
const startingDeadlineSeconds = 3600;

/**
 * Declares the jobs of an app: a CronJob for each job of the stable release. Their pods change after all
 * requests go to the new stable release, in a promotion as well as in a rollback.
 */
export function cronJobs(app: string, args: CronArgs, parent: pulumi.Resource): void {
  const { namespace, cron, template, mounts, ready } = args;
  for (const [job, when] of Object.entries(cron)) {
    const work = template.cron?.[job];
    if (work === undefined) continue;
    const name = `${app}-${job}`;
    const labels = {
      ...objectLabels(app, "apps"),
      // No release has this name, so no Service selects these pods.
      ...selectorLabels(app, `${app}.cron.${job}`),
    };
    const pods = { metadata: { labels }, spec: jobPodSpec(args, work, mounts) };
    new k8s.batch.v1.CronJob(
      name,
      {
        metadata: { name, namespace, labels: objectLabels(app, "apps") },
        spec: {
          schedule: when.schedule,
          timeZone: when.timeZone,
          suspend: when.suspend,
          concurrencyPolicy: when.concurrencyPolicy,
          startingDeadlineSeconds,
          successfulJobsHistoryLimit: when.history.successful,
          failedJobsHistoryLimit: when.history.failed,
          jobTemplate: ready.apply(() => ({
            metadata: { labels },
            spec: {
              backoffLimit: when.retries,
              activeDeadlineSeconds: when.activeDeadlineSeconds,
              template: pods,
            },
          })),
        },
      },
      // In a move to another namespace, both would start the job until the end of the update, or longer if it fails.
      { parent, dependsOn: mounts.objects, deleteBeforeReplace: true },
    );
  }
}
