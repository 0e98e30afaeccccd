import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { imageReference, images } from "../shared/images";
import { objectLabels } from "../shared/labels";
import { platformPlacement, type PlacementRules } from "../shared/placement";
import { containerSecurityContext, runsAs, withoutApiAccess } from "../shared/pods";

/** Arguments of {@link pruneBuilders}. */
export interface PruneArgs {
  namespace: pulumi.Input<string>;
  /** Addresses of the daemons. */
  addresses: string[];
  /** Prefix of an internal image mirror. */
  imageMirror?: string;
  /** Where the pods run, and how urgent they are. */
  placement?: PlacementRules;
}

const name = "image-cleanup";

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
export function pruneBuilders(
  { namespace, addresses, imageMirror, placement }: PruneArgs,
  parent: pulumi.Resource,
): void {
  const labels = objectLabels(name, "ci");
  const spec: k8s.types.input.core.v1.PodSpec = {
    ...withoutApiAccess,
    restartPolicy: "Never",
    ...platformPlacement(placement),
    securityContext: runsAs(1000),
    containers: [
      {
        name: "prune",
        image: imageReference(images.buildkit, imageMirror),
        command: ["sh", "-c", script, "prune", ...addresses],
        resources: {
          requests: { cpu: "50m", memory: "32Mi" },
          limits: { cpu: "500m", memory: "128Mi" },
        },
        securityContext: { ...containerSecurityContext, readOnlyRootFilesystem: true },
      },
    ],
  };
  new k8s.batch.v1.CronJob(
    name,
    {
      metadata: { name, namespace, labels },
      spec: {
        // When few build.
        schedule: "30 2 * * *",
        startingDeadlineSeconds: 3600,
        concurrencyPolicy: "Forbid",
        successfulJobsHistoryLimit: 1,
        failedJobsHistoryLimit: 3,
        jobTemplate: {
          spec: {
            backoffLimit: 2,
            activeDeadlineSeconds: 3600,
            template: { metadata: { labels }, spec },
          },
        },
      },
    },
    { parent },
  );
}
