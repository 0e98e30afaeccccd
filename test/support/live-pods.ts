import { setTimeout as sleep } from "node:timers/promises";
import {
  CoreV1Api,
  KubeConfig,
  type ApiException,
  type V1Node,
  type V1Pod,
} from "@kubernetes/client-node";
import type { Cluster } from "../../local/cluster";
import type { KubernetesObject } from "../../render/objects";
import { hasLabels, titleOf, type Subject } from "./availability";
import { at } from "./declare";
import { kubectl } from "./rendered";

const zoneLabel = "topology.kubernetes.io/zone";

/** The pods of a cluster: where they are, whether they are ready, and their eviction. */
export class LivePods {
  private readonly core: CoreV1Api;

  constructor(
    private readonly cluster: Cluster,
    /** Longest wait for them to come to rest, milliseconds. */
    private readonly patience: number,
  ) {
    const config = new KubeConfig();
    config.loadFromFile(cluster.kubeconfig);
    this.core = config.makeApiClient(CoreV1Api);
  }

  /** All that have not come to their end. */
  async all(): Promise<V1Pod[]> {
    const { items } = await this.core.listPodForAllNamespaces();
    return items.filter(({ status }) => status?.phase !== "Succeeded");
  }

  /** Name and zone of each machine. */
  async zones(): Promise<Map<string, string>> {
    const { items } = await this.core.listNode();
    return new Map(
      items.map(({ metadata }: V1Node) => [
        metadata?.name ?? "",
        metadata?.labels?.[zoneLabel] ?? "",
      ]),
    );
  }

  /** Those in a zone that a drain moves: all but what runs on every machine. */
  async movable(zone: string): Promise<V1Pod[]> {
    const zones = await this.zones();
    return (await this.all())
      .filter(({ spec }) => zones.get(spec?.nodeName ?? "") === zone)
      .filter(({ metadata }) => metadata?.ownerReferences?.[0]?.kind !== "DaemonSet");
  }

  /**
   * Drains a zone as `kubectl drain` does: asks the eviction API, which disruption budgets answer,
   * again and again until it is allowed, or until only pods of some workloads are left.
   */
  async drain(zone: string, except: Subject[]): Promise<void> {
    await kubectl(this.cluster, "cordon", "--selector", `${zoneLabel}=${zone}`);
    const end = Date.now() + this.patience;
    for (;;) {
      const pods = await this.movable(zone);
      if (pods.every((pod) => isOneOf(pod, except)) || Date.now() > end) return;
      for (const pod of pods) await this.evict(pod);
      await sleep(1000);
    }
  }

  /**
   * Waits until every pod is ready and every workload has the pods that it wants.
   * @returns what is not when the time is over; of some workloads, nothing is waited for.
   */
  async atRest(except: Subject[] = []): Promise<string[]> {
    const end = Date.now() + this.patience;
    for (;;) {
      const pods = (await this.all()).filter((pod) => !isReady(pod) && !isOneOf(pod, except));
      const makers = (await this.unfinished()).filter(
        (title) => !except.map(titleOf).includes(title),
      );
      const unready = [...pods.map(describePod), ...makers];
      if (unready.length === 0 || Date.now() > end) return unready;
      await sleep(1000);
    }
  }

  private async evict({ metadata }: V1Pod): Promise<void> {
    const { name = "", namespace = "" } = metadata ?? {};
    const body = { metadata: { name, namespace } };
    await this.core
      .createNamespacedPodEviction({ name, namespace, body })
      .catch((error: ApiException<unknown>) => {
        // 429: its disruption budget allows no more now. 404: it is gone.
        if (error.code !== 429 && error.code !== 404) throw error;
      });
  }

  /** Workloads that do not have the pods that they want, and autoscalers below their least. */
  private async unfinished(): Promise<string[]> {
    const kinds = "deployments,statefulsets,daemonsets,hpa";
    const text = await kubectl(this.cluster, "get", kinds, "-A", "-o", "json");
    const { items } = JSON.parse(text) as { items: KubernetesObject[] };
    return items
      .filter((object) => !isFinished(object))
      .map(({ kind, metadata: { name, namespace = "" } }) =>
        titleOf({ kind, name, namespace, labels: {} }),
      );
  }
}

/** Whether a pod belongs to one of some workloads. */
export function isOneOf(pod: V1Pod, subjects: Subject[]): boolean {
  return subjects.some(
    ({ namespace, labels }) => pod.metadata?.namespace === namespace && hasLabels(pod, labels),
  );
}

/** `namespace/name: why it has no place`, or its phase. */
export function describePod({ metadata, status }: V1Pod): string {
  const scheduled = status?.conditions?.find(({ type }) => type === "PodScheduled");
  const why = scheduled?.status === "False" ? scheduled.message : status?.phase;
  return `${metadata?.namespace}/${metadata?.name}: ${why}`;
}

function isReady({ status }: V1Pod): boolean {
  return (status?.conditions ?? []).some(
    (entry) => entry.type === "Ready" && entry.status === "True",
  );
}

function isFinished(object: KubernetesObject): boolean {
  const number = (path: string, fallback = 0) => Number(at(object, path) ?? fallback);
  const observed = number("status.observedGeneration") >= number("metadata.generation");
  switch (object.kind) {
    case "HorizontalPodAutoscaler":
      return number("status.currentReplicas") >= number("spec.minReplicas", 1);
    case "DaemonSet":
      return observed && number("status.numberReady") === number("status.desiredNumberScheduled");
    default:
      return observed && number("status.readyReplicas") === number("spec.replicas", 1);
  }
}
