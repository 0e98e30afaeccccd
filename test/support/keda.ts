import { setTimeout as sleep } from "node:timers/promises";
import { AppsV1Api, CustomObjectsApi, KubeConfig } from "@kubernetes/client-node";
import type { Cluster } from "../../local/cluster";

const definition = { group: "keda.sh", version: "v1alpha1", plural: "scaledobjects" };

/** Keeps a ScaledObject until the operator has taken its autoscaler away. */
const finalizer = "finalizer.keda.sh";

/** Pause between two looks, milliseconds. */
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
 * A stand-in for KEDA's operator, whose pods are simulated: as long as one of them is ready, it
 * - gives each ScaledObject the operator's finalizer, and takes it away when the object is deleted;
 * - gives each target its least number of pods, as KEDA's autoscalers do without measurements.
 * It makes no HorizontalPodAutoscaler and asks no Prometheus.
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

  /** Ends it. @throws what the API server refused. */
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

/** What is not there is looked for again, and what changed meanwhile is read again. */
function unlessGoneOrChanged(error: { code?: number }): undefined {
  if (error.code !== 404 && error.code !== 409) throw error;
}
