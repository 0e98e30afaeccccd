import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Part } from "./context";
import { workloadPolicy, type Network } from "./network-policy";
import { platformPlacement } from "./placement";
import { podTemplate, type PodArgs } from "./pod-template";
import { metadataOf } from "./workload";

/** Arguments of {@link cronJob}. */
export interface CronJobArgs extends PodArgs {
  /** Name of the CronJob, its policy, and the label of its pods. */
  name: string;
  /** When it runs, as five cron fields in UTC. */
  schedule: string;
  suspended?: boolean;
  /** Connections that its pods make. */
  network: Network;
  /** Tries after a failure. */
  retries: number;
  /** How long all tries of one run together may take, in seconds. */
  deadlineSeconds: number;
  dependsOn?: pulumi.Input<pulumi.Resource>[];
  /** Further fields of the CronJob. */
  cronJob?: Partial<Omit<k8s.types.input.batch.v1.CronJobSpec, "jobTemplate" | "schedule">>;
}

/** Declares a CronJob, and its network policy. A run that is still going on is not started twice. */
export function cronJob(part: Part, args: CronJobArgs): k8s.batch.v1.CronJob {
  const { name, account, network, suspended = false } = args;
  const metadata = metadataOf(part, name);
  const template = podTemplate(name, part.name, args, part.context);
  workloadPolicy(part, name, network, { usesApi: account !== undefined });
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
