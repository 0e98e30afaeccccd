import {
  ApiextensionsV1Api,
  type KubeConfig,
  type KubernetesListObject,
  type KubernetesObject,
} from "@kubernetes/client-node";
import { follow } from "./follow";

/** Label of the definitions of a system that the cluster simulates. */
export const simulatedSystem = { "platform/system": "simulated" };

/**
 * Calls each function once its custom resource definition exists, by the name of the definition.
 * @param simulated functions for definitions with the label {@link simulatedSystem}: a stack can install the same
 *   system itself, and its definitions do not have the label.
 */
export function whenDefined(
  config: KubeConfig,
  waiting: Record<string, () => void>,
  simulated: Record<string, () => void> = {},
): void {
  const definitions = config.makeApiClient(ApiextensionsV1Api);
  const started = new Set<string>();
  follow<KubernetesObject>(
    config,
    "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
    () =>
      definitions.listCustomResourceDefinition() as Promise<KubernetesListObject<KubernetesObject>>,
    ({ metadata: { name = "", labels = {} } = {} }) => {
      const isSimulated = Object.entries(simulatedSystem).every(([key, it]) => labels[key] === it);
      const serve = waiting[name] ?? (isSimulated ? simulated[name] : undefined);
      if (serve !== undefined && !started.has(name)) {
        started.add(name);
        serve();
      }
      return Promise.resolve();
    },
  );
}
