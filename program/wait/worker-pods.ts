import * as pulumi from "@pulumi/pulumi";
import { ClusterReader, type ReaderArgs } from "../../cluster/reader";
import type { Release } from "../../components/app/release";
import type { WorkerPods } from "../../components/app/worker";
import type { WorkerWaiting } from "../../components/app/worker-releases";
import { ProgramError } from "../../config";
import { pollUntilPresent, isUpdating } from "./poll";

/** The fields of a Deployment that matter for its pods. */
export interface LiveDeployment {
  metadata: { generation?: number };
  spec?: { replicas?: number };
  status?: { observedGeneration?: number; updatedReplicas?: number; availableReplicas?: number };
}

/**
 * Returns what is missing until all pods of a release are available; empty if nothing is missing.
 * @param pods numbers that KEDA sets. Default: the Deployment has the number.
 */
export function notAvailable(
  live: LiveDeployment | undefined,
  pods?: Pick<WorkerPods, "replicas" | "autoscaler">,
): string[] {
  if (live === undefined) return ["it does not exist"];
  const { metadata, spec, status = {} } = live;
  const { observedGeneration = 0, updatedReplicas = 0, availableReplicas = 0 } = status;
  if (observedGeneration < (metadata.generation ?? 0)) {
    return ["its controller has not seen the change yet"];
  }
  const asked = spec?.replicas ?? 1;
  const isScaled = pods?.autoscaler !== undefined;
  const isSet = pods?.autoscaler === "scaling" ? asked >= pods.replicas : asked === pods?.replicas;
  if (isScaled && !isSet) return [`KEDA has set ${asked} pods so far, not ${pods.replicas}`];
  const wanted = isScaled ? pods.replicas : asked;
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

  /** @param timeoutSeconds time in which all pods must be available. After that, the update fails. */
  waiting(timeoutSeconds: number): WorkerWaiting {
    return {
      afterPodsAvailable: (release) =>
        this.present(
          release,
          timeoutSeconds,
          `The other releases of worker ${release.releaseName} keep their pods`,
        ),
      afterScaled: (release) =>
        release.worker?.autoscaler === undefined
          ? release.deployment.id
          : this.present(
              release,
              timeoutSeconds,
              `Worker ${release.releaseName} does not have all of its pods`,
            ),
    };
  }

  private present(
    { deployment, releaseName, autoscaler, worker }: Release,
    timeoutSeconds: number,
    failure: string,
  ): pulumi.Output<unknown> {
    if (!isUpdating()) return pulumi.output(undefined);
    return pulumi.all([deployment.id, autoscaler?.id]).apply(async ([id]) => {
      const [namespace, name] = id.split("/");
      this.reader ??= new ClusterReader(this.cluster);
      const reader = this.reader;
      const path = `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`;
      const look = async () => notAvailable(await reader.get<LiveDeployment>(path), worker);
      const missing = await pollUntilPresent(look, timeoutSeconds);
      if (missing.length === 0) return;
      throw new ProgramError(
        `${failure}, after ${timeoutSeconds} s: ${missing.join("; ")}. ` +
          `Look at "kubectl get pods --namespace ${namespace} --selector app.kubernetes.io/instance=${releaseName}" and at the team's quota. ` +
          "Then run the update again, or revert the change; stable.now: true does not wait.",
      );
    });
  }
}
