import * as pulumi from "@pulumi/pulumi";
import { ClusterReader, type ReaderArgs } from "../../cluster/reader";
import type { Release } from "../../components/app/release";
import type { WorkerWaiting } from "../../components/app/worker-releases";
import { ProgramError } from "../../config";
import { pollUntilPresent, updating } from "./poll";

/** The fields of a Deployment that matter for its pods. */
export interface LiveDeployment {
  metadata: { generation?: number };
  spec?: { replicas?: number };
  status?: { observedGeneration?: number; updatedReplicas?: number; availableReplicas?: number };
}

/** Returns what is missing until all pods of a release are available; empty if nothing is missing. */
export function notAvailable(live: LiveDeployment | undefined): string[] {
  if (live === undefined) return ["it does not exist"];
  const { metadata, spec, status = {} } = live;
  const { observedGeneration = 0, updatedReplicas = 0, availableReplicas = 0 } = status;
  if (observedGeneration < (metadata.generation ?? 0)) {
    return ["its controller has not seen the change yet"];
  }
  const wanted = spec?.replicas ?? 1;
  const ready = Math.min(updatedReplicas, availableReplicas);
  return ready >= wanted ? [] : [`${ready} of its ${wanted} pods are available`];
}

/**
 * Waits, in updates only, until a worker's release has all of its pods, before another release loses some.
 * Waiting for its Deployment is not enough: an update that continues an interrupted one does not wait for it
 * again.
 */
export class WorkerAvailability {
  private reader?: ClusterReader;

  constructor(private readonly cluster: ReaderArgs) {}

  /** @param patience time in which all pods must be available, seconds. After that, the update fails. */
  waiting(patience: number): WorkerWaiting {
    return { available: (release) => this.available(release, patience) };
  }

  private available(
    { deployment, releaseName }: Release,
    patience: number,
  ): pulumi.Output<unknown> {
    if (!updating()) return pulumi.output(undefined);
    return deployment.id.apply(async (id) => {
      const [namespace, name] = id.split("/");
      this.reader ??= new ClusterReader(this.cluster);
      const reader = this.reader;
      const path = `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`;
      const look = async () => notAvailable(await reader.get<LiveDeployment>(path));
      const missing = await pollUntilPresent(look, patience);
      if (missing.length === 0) return;
      throw new ProgramError(
        `The other releases of worker ${releaseName} keep their pods, after ${patience} s: ${missing.join("; ")}. ` +
          `Look at "kubectl get pods --namespace ${namespace} --selector app.kubernetes.io/instance=${releaseName}" and at the team's quota. ` +
          "Then run the update again, or revert the change; stable.now: true does not wait.",
      );
    });
  }
}
