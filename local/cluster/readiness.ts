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

/** Whether a cluster's API server is ready, and pods can start. */
export async function isReady({ kubeconfig, context }: Cluster): Promise<boolean> {
  let probe: ReadinessProbe | undefined;
  try {
    probe = new ReadinessProbe({ kubeconfig, context });
    return (await probe.finds("/readyz")) && (await probe.finds(firstAccount));
  } catch (error) {
    // There is no kubeconfig yet, or no server.
    if (error instanceof ProgramError) return false;
    throw error;
  } finally {
    probe?.close();
  }
}
