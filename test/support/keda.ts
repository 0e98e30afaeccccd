import { setTimeout as sleep } from "node:timers/promises";
import { AppsV1Api, CustomObjectsApi, KubeConfig } from "@kubernetes/client-node";
import type { Cluster } from "../../local/cluster";

const definition = { group: "keda.sh", version: "v1alpha1", plural: "scaledobjects" };

/** Finalizer of a ScaledObject until the operator has deleted its autoscaler. */
const finalizer = "finalizer.keda.sh";

/** Polling interval, milliseconds. */
const interval = 500;

interface ScaledObject {
  metadata: {
    name: string;
    namespace: string;
    deletionTimestamp?: string;
    finalizers?: string[];
  };
  spec: { scaleTargetRef: { name: string }; minReplicaCount?: number };
}

/**
 * A stub of KEDA's operator, whose pods are simulated. As long as one of them is ready, it adds the operator's
 * finalizer to each ScaledObject, removes it when the object is deleted, and sets each target to its minimum of pods,
 * like KEDA's autoscalers without measurements. It creates no HorizontalPodAutoscaler and does not query Prometheus.
 */
export class SimulatedKeda {
  private readonly apps: AppsV1Api;
  private readonly objects: CustomObjectsApi;
  private stopped = false;
  private readonly ended: Promise<void>;

  constructor(
    cluster: Cluster,
    private readonly operator: { name: string; namespace: string },
  ) {
    const config = new KubeConfig();
    config.loadFromFile(cluster.kubeconfig);
    this.apps = config.makeApiClient(AppsV1Api);
    this.objects = config.makeApiClient(CustomObjectsApi);
    this.ended = this.work();
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
        await this.handle(object).catch(unlessGoneOrChanged);
      }
    }
  }

  private async readyOperators(): Promise<number> {
    const found = await this.apps
      .readNamespacedDeployment(this.operator)
      .catch(unlessGoneOrChanged);
    return found?.status?.readyReplicas ?? 0;
  }

  private async scaledObjects(): Promise<ScaledObject[]> {
    const found = (await this.objects
      .listClusterCustomObject(definition)
      .catch(unlessGoneOrChanged)) as { items: ScaledObject[] } | undefined;
    return found?.items ?? [];
  }

  private async handle(object: ScaledObject): Promise<void> {
    const { metadata, spec } = object;
    const { name, namespace, finalizers = [] } = metadata;
    const deleted = metadata.deletionTimestamp !== undefined;
    const wanted = finalizers.filter((it) => it !== finalizer).concat(deleted ? [] : [finalizer]);
    if (wanted.length !== finalizers.length) {
      const body = { ...object, metadata: { ...metadata, finalizers: wanted } };
      await this.objects.replaceNamespacedCustomObject({ ...definition, name, namespace, body });
    }
    if (!deleted) await this.scale(namespace, spec);
  }

  private async scale(namespace: string, spec: ScaledObject["spec"]): Promise<void> {
    const target = { namespace, name: spec.scaleTargetRef.name };
    const body = await this.apps.readNamespacedDeploymentScale(target);
    const least = spec.minReplicaCount ?? 0;
    if ((body.spec?.replicas ?? 0) >= least) return;
    await this.apps.replaceNamespacedDeploymentScale({
      ...target,
      body: { ...body, spec: { replicas: least } },
    });
  }
}

/**
 * Ignores missing and changed objects, which the next round reads again, and 429, with which the API server asks to
 * try later: a busy one, or one that has just learned of the definition.
 */
function unlessGoneOrChanged(error: { code?: number }): undefined {
  if (error.code === undefined || ![404, 409, 429].includes(error.code)) throw error;
}
