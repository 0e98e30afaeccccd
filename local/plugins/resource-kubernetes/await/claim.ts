import type { Api } from "../api";
import type { KubernetesObject } from "../objects";

/** Whether a claim is bound without a pod, which is not so if its class waits for the first consumer. */
export async function claimWaits(api: Api, { spec }: KubernetesObject): Promise<boolean> {
  const name = spec?.storageClassName;
  if (typeof name !== "string" || name === "") return true;
  const storageClass = await api.get({
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    name,
  });
  return storageClass?.volumeBindingMode !== "WaitForFirstConsumer";
}
