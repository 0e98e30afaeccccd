import { untilEqual } from "./until";

/** Timeout for autoscalers and pods, seconds: an autoscaler first acts 15 s after it was created. */
const timeoutSeconds = 120;

/**
 * Options of a cluster whose autoscalers act every second instead of every 15 s, so that releases get their pods soon.
 */
export const soonScaled = {
  controllerManager: { "horizontal-pod-autoscaler-sync-period": "1s" },
};

/** A Deployment or an autoscaler. */
export interface Scaled {
  kind: string;
  metadata: { name: string; namespace: string; generation?: number };
  spec: { replicas?: number; minReplicas?: number; scaleTargetRef?: { name: string } };
  status?: { observedGeneration?: number; replicas?: number; availableReplicas?: number };
}

/**
 * Waits until every Deployment has the pods that it and its autoscaler ask for. A Deployment is ready with one pod, and
 * its autoscaler raises it to its minimum some 15 s later: for a moment, it is not ready again, and a refresh notes that.
 * @param kubectl runs kubectl on the cluster, and returns its output.
 * @throws AssertionError with what has not got its pods in time.
 */
export async function waitUntilScaled(
  kubectl: (...args: string[]) => Promise<string>,
): Promise<void> {
  const look = async () => {
    const text = await kubectl("get", "hpa,deploy", "--all-namespaces", "--output=json");
    return unscaledDeployments((JSON.parse(text) as { items: Scaled[] }).items);
  };
  await untilEqual(timeoutSeconds, look, []);
}

/** Returns the Deployments without the pods that they and their autoscalers ask for, as `namespace/name: 1 of 2 pods`. */
export function unscaledDeployments(items: readonly Scaled[]): string[] {
  const least = new Map(
    items
      .filter(({ kind }) => kind === "HorizontalPodAutoscaler")
      .map(({ metadata, spec }) => [
        `${metadata.namespace}/${spec.scaleTargetRef?.name}`,
        spec.minReplicas ?? 1,
      ]),
  );
  return items
    .filter(({ kind }) => kind === "Deployment")
    .flatMap(({ metadata, spec, status = {} }) => {
      const title = `${metadata.namespace}/${metadata.name}`;
      const asked = spec.replicas ?? 1;
      const wanted = Math.max(asked, asked === 0 ? 0 : (least.get(title) ?? 0));
      const { observedGeneration = 0, replicas = 0, availableReplicas = 0 } = status;
      const isObserved = observedGeneration >= (metadata.generation ?? 0);
      if (isObserved && replicas === wanted && availableReplicas === wanted) return [];
      return [`${title}: ${availableReplicas} of ${wanted} pods`];
    });
}
