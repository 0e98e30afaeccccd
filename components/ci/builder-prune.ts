import type { Part } from "../shared/context";
import { cronJob } from "../shared/cron-job";
import { podsOf } from "../shared/network-policy";
import { builderName, builderPort } from "./names";

/** Name of the daily clean-up CronJob. */
export const pruneName = "image-cleanup";

/** Age after which unused layers are deleted. Builds within a working day stay fast. */
const keep = "24h";

/** Cleans every daemon even if one fails; the Job fails at the end. */
const script = `
failed=0
for address; do
  buildctl --addr "$address" prune --keep-duration ${keep} || failed=1
done
exit "$failed"
`.trim();

/**
 * Declares the CronJob that deletes unused images and layers once a day. All of them are in the daemons' caches: agents
 * have no image store, and the kubelet cleans the nodes' stores by disk usage.
 */
export function pruneBuilders(part: Part, addresses: string[]): void {
  cronJob(part, {
    name: pruneName,
    // At night, when few builds run.
    schedule: "30 2 * * *",
    cronJob: {
      startingDeadlineSeconds: 3600,
      successfulJobsHistoryLimit: 1,
      failedJobsHistoryLimit: 3,
    },
    retries: 2,
    deadlineSeconds: 3600,
    user: 1000,
    containers: [
      {
        name: "prune",
        image: "buildkit",
        command: ["sh", "-c", script, "prune", ...addresses],
        resources: {
          requests: { cpu: "50m", memory: "32Mi" },
          limits: { cpu: "500m", memory: "128Mi" },
        },
      },
    ],
    network: { egress: [{ to: [podsOf(builderName)], ports: [builderPort] }] },
  });
}
