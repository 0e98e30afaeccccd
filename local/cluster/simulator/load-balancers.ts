import { CoreV1Api, type KubeConfig } from "@kubernetes/client-node";
import { follow, merging } from "./follow";

/** Assigns every Service of type LoadBalancer an address of 192.0.2.0/24, a range for documentation. */
export function serveLoadBalancers(config: KubeConfig): void {
  const core = config.makeApiClient(CoreV1Api);
  follow(
    config,
    "/api/v1/services",
    () => core.listServiceForAllNamespaces(),
    async ({ metadata, spec, status }) => {
      if (spec?.type !== "LoadBalancer" || status?.loadBalancer?.ingress?.length) return;
      const name = metadata?.name ?? "";
      const body = {
        status: { loadBalancer: { ingress: [{ ip: addressOf(metadata?.uid ?? "") }] } },
      };
      await core.patchNamespacedServiceStatus(
        { name, namespace: metadata?.namespace ?? "", body },
        merging,
      );
    },
  );
}

/** Always returns the same address for the same Service. */
function addressOf(uid: string): string {
  return `192.0.2.${1 + (parseInt(uid.slice(-4), 16) % 254)}`;
}
