import {
  ApiextensionsV1Api,
  type KubeConfig,
  type KubernetesListObject,
  type KubernetesObject,
} from "@kubernetes/client-node";
import { follow } from "./follow";

/** Calls each function once its custom resource definition exists, by the name of the definition. */
export function whenDefined(config: KubeConfig, waiting: Record<string, () => void>): void {
  const definitions = config.makeApiClient(ApiextensionsV1Api);
  const started = new Set<string>();
  follow<KubernetesObject>(
    config,
    "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
    () =>
      definitions.listCustomResourceDefinition() as Promise<KubernetesListObject<KubernetesObject>>,
    ({ metadata: { name = "" } = {} }) => {
      if (!started.has(name)) {
        started.add(name);
        waiting[name]?.();
      }
      return Promise.resolve();
    },
  );
}
