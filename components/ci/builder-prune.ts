import type { Part } from "../shared/context";
import { cronJob } from "../shared/cron-job";
import { podsOf } from "../shared/network-policy";
import { builderName, builderPort } from "./names";

/** Name of the daily clean-up. */
export const pruneName = "image-cleanup";

/** Layers that no build used for so long go; a working day's builds stay fast. */
const keep = "24h";

/** Every daemon is cleaned, even when one does not answer; then the job fails. */
const script = `
failed=0
for address; do
  buildctl --addr "$address" prune --keep-duration ${keep} || failed=1
done
exit "$failed"
`.trim();

/**
 * Takes unused images and layers away once a day. They are all in the daemons' caches: agents have
 * no image store, and the machines' own is cleaned by the kubelet, by how full the disk is.
 */
export function pruneBuilders(part: Part, addresses: string[]): void {
  cronJob(part, {
    name: pruneName,
    // When few build.
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
