import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { CronTimes } from "../../config";
import { objectLabels, selectorLabels } from "../shared/labels";
import type { Mounts } from "./mounts";
import { jobPodSpec } from "./pod";
import type { PodArgs } from "./pod-args";

/** Arguments of {@link cronJobs}: the release that is stable, and when its jobs run. */
export interface CronArgs extends PodArgs {
  /** Namespace of the app. */
  namespace: pulumi.Input<string>;
  /** When the jobs run, by their names; what they run, the release's template says. */
  cron: CronTimes;
  /** Volumes and mounts of the stable release, which the jobs share. */
  mounts: Mounts;
  /** Known once the release is stable. */
  ready: pulumi.Output<unknown>;
}

/** Seconds by which a run may be late, for example while the control plane is updated. */
const startingDeadlineSeconds = 3600;

/**
 * The jobs of an app: a CronJob for each that the stable release knows. Their
 * pods follow the stable release once all requests do, at a promotion as at a rollback.
 */
export function cronJobs(app: string, args: CronArgs, parent: pulumi.Resource): void {
  const { namespace, cron, template, mounts, ready } = args;
  for (const [job, when] of Object.entries(cron)) {
    const work = template.cron?.[job];
    if (work === undefined) continue;
    const name = `${app}-${job}`;
    const labels = {
      ...objectLabels(app, "apps"),
      // No release is named so, and no Service selects it.
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
      { parent, dependsOn: mounts.objects },
    );
  }
}
