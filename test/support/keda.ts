import { setTimeout as sleep } from "node:timers/promises";
import { KubeConfig } from "@kubernetes/client-node";
import type { Cluster } from "../../local/cluster";
import {
  actOn,
  scaledObjects,
  scalingApis,
  type ScaledObject,
  type ScalingApis,
} from "../../local/cluster/simulator/keda";

/** Polling interval, milliseconds. Each round asks for every object, in some 20 ms of CPU time. */
const interval = 2000;

/**
 * A stub of KEDA's operator, whose pods are simulated. As long as one of them is ready, it acts on every ScaledObject
 * like the simulator of a local cluster that brings KEDA.
 */
export class SimulatedKeda {
  private readonly apis: ScalingApis;
  private stopped = false;
  private readonly ended: Promise<void>;

  constructor(
    cluster: Cluster,
    private readonly operator: { name: string; namespace: string },
  ) {
    const config = new KubeConfig();
    config.loadFromFile(cluster.kubeconfig);
    this.apis = scalingApis(config);
    this.ended = this.work();
    // Otherwise, whatever waits for it would only see its own timeout, not this error.
    this.ended.catch((error: unknown) => console.error("The simulated KEDA has ended.", error));
  }

  /**
   * Stops it.
   * @throws the error that the API server returned.
   */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.ended;
  }

  private async work(): Promise<void> {
    for (; !this.stopped; await sleep(interval)) {
      if ((await this.readyOperators()) === 0) continue;
      for (const object of await this.scaledObjects()) {
        await actOn(this.apis, object).catch(unlessGoneOrChanged);
      }
    }
  }

  private async readyOperators(): Promise<number> {
    const found = await this.apis.apps
      .readNamespacedDeployment(this.operator)
      .catch(unlessGoneOrChanged);
    return found?.status?.readyReplicas ?? 0;
  }

  private async scaledObjects(): Promise<ScaledObject[]> {
    const found = (await this.apis.objects
      .listClusterCustomObject(scaledObjects)
      .catch(unlessGoneOrChanged)) as { items: ScaledObject[] } | undefined;
    return found?.items ?? [];
  }
}

/**
 * Ignores missing and changed objects, which the next round reads again, and status 429, with which an API server asks
 * the client to retry because it is busy, or because the definition is new.
 */
function unlessGoneOrChanged(error: { code?: number }): undefined {
  if (error.code === undefined || ![404, 409, 429].includes(error.code)) throw error;
}
