import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Part } from "./context";
import { workloadPolicy, type Network } from "./network-policy";
import { platformPlacement } from "./placement";
import { podTemplate, usesApi, type PodArgs } from "./pod-template";
import { metadataOf } from "./workload";

/** Arguments of {@link cronJob}. */
export interface CronJobArgs extends PodArgs {
  /** Name of the CronJob, its network policy, and the label of its pods. */
  name: string;
  /** Schedule: five cron fields, in UTC. */
  schedule: string;
  /** Whether no runs are started. Default: false. */
  suspended?: boolean;
  /** Connections of its pods. */
  network: Network;
  /** Number of retries after a failure. */
  retries: number;
  /** Time limit for all attempts of a run together, seconds. */
  deadlineSeconds: number;
  /** Resources that must exist first. Default: none. */
  dependsOn?: pulumi.Input<pulumi.Resource>[];
  /** Additional fields of the CronJob. Default: none. */
  cronJob?: Partial<Omit<k8s.types.input.batch.v1.CronJobSpec, "jobTemplate" | "schedule">>;
}

/** Declares a CronJob and its network policy. A run never starts while the previous one is still running. */
export function cronJob(part: Part, args: CronJobArgs): k8s.batch.v1.CronJob {
  const { name, network, suspended = false } = args;
  const metadata = metadataOf(part, name);
  const template = podTemplate(name, part.name, args, part.context);
  workloadPolicy(part, name, network, { usesApi: usesApi(args) });
  return new k8s.batch.v1.CronJob(
    name,
    {
      metadata,
      spec: {
        schedule: args.schedule,
        timeZone: "Etc/UTC",
        suspend: suspended,
        concurrencyPolicy: "Forbid",
        ...args.cronJob,
        jobTemplate: {
          metadata: { labels: metadata.labels },
          spec: {
            backoffLimit: args.retries,
            activeDeadlineSeconds: args.deadlineSeconds,
            template: {
              metadata: template.metadata,
              spec: {
                restartPolicy: "Never",
                ...platformPlacement(part.context.placement),
                ...template.spec,
              },
            },
          },
        },
      },
    },
    { parent: part.parent, dependsOn: args.dependsOn },
  );
}
