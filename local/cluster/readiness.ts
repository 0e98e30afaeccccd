import { ClusterReader } from "../../cluster/reader";
import { ProgramError } from "../../config";
import type { Cluster } from "./paths";

/** Namespaces get this account shortly after the server is ready; pods cannot start before. */
const firstAccount = "/api/v1/namespaces/default/serviceaccounts/default";

/** Asks an API server whether it is ready. */
class ReadinessProbe extends ClusterReader {
  async finds(path: string): Promise<boolean> {
    return (await this.request("GET", path)).status === 200;
  }
}

/** Answered by metrics-server, through the API server. */
const metricsApi = "/apis/metrics.k8s.io/v1beta1";

/** Whether a cluster's API server is ready, and pods can start. */
export function isReady(cluster: Cluster): Promise<boolean> {
  return finds(cluster, ["/readyz", firstAccount]);
}

/** Whether a cluster's API server reaches metrics-server. */
export function servesMetrics(cluster: Cluster): Promise<boolean> {
  return finds(cluster, [metricsApi]);
}

async function finds({ kubeconfig, context }: Cluster, paths: string[]): Promise<boolean> {
  let probe: ReadinessProbe | undefined;
  try {
    probe = new ReadinessProbe({ kubeconfig, context });
    for (const path of paths) if (!(await probe.finds(path))) return false;
    return true;
  } catch (error) {
    // There is no kubeconfig yet, or no server.
    if (error instanceof ProgramError) return false;
    throw error;
  } finally {
    probe?.close();
  }
}
