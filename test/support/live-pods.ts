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

/** Pause between two lists of all pods, which are expensive for the API server, milliseconds. */
const pause = 2000;

const zoneLabel = "topology.kubernetes.io/zone";

/** The pods of a cluster: their nodes, readiness and eviction. */
export class LivePods {
  private readonly core: CoreV1Api;

  constructor(
    private readonly cluster: Cluster,
    /** Timeout until they are stable, milliseconds. */
    private readonly timeoutMs: number,
  ) {
    const config = new KubeConfig();
    config.loadFromFile(cluster.kubeconfig);
    this.core = config.makeApiClient(CoreV1Api);
  }

  /** Returns all pods that have not completed. */
  async all(): Promise<V1Pod[]> {
    const { items } = await this.core.listPodForAllNamespaces();
    return items.filter(({ status }) => status?.phase !== "Succeeded");
  }

  /** Returns the name and zone of each node. */
  async zones(): Promise<Map<string, string>> {
    const { items } = await this.core.listNode();
    return new Map(
      items.map(({ metadata }: V1Node) => [
        metadata?.name ?? "",
        metadata?.labels?.[zoneLabel] ?? "",
      ]),
    );
  }

  /** Returns the pods in a zone that a drain moves: all except those of DaemonSets. */
  async movable(zone: string): Promise<V1Pod[]> {
    const zones = await this.zones();
    return (await this.all())
      .filter(({ spec }) => zones.get(spec?.nodeName ?? "") === zone)
      .filter(({ metadata }) => metadata?.ownerReferences?.[0]?.kind !== "DaemonSet");
  }

  /**
   * Drains a zone like `kubectl drain`: retries evictions, which disruption budgets may refuse, until all are allowed,
   * or only pods of the excepted workloads remain.
   */
  async drain(zone: string, except: Subject[]): Promise<void> {
    await kubectl(this.cluster, "cordon", "--selector", `${zoneLabel}=${zone}`);
    const end = Date.now() + this.timeoutMs;
    for (;;) {
      const pods = await this.movable(zone);
      if (pods.every((pod) => isOneOf(pod, except)) || Date.now() > end) return;
      for (const pod of pods) await this.evict(pod);
      await sleep(pause);
    }
  }

  /**
   * Waits until every pod is ready and every workload has all of its pods.
   * @returns what is not ready at the timeout, without the excepted workloads.
   */
  async atRest(except: Subject[] = []): Promise<string[]> {
    const end = Date.now() + this.timeoutMs;
    for (;;) {
      const pods = (await this.all()).filter((pod) => !isReady(pod) && !isOneOf(pod, except));
      // The workloads are asked once every pod is ready, because that starts kubectl.
      const isOver = Date.now() > end;
      const makers = pods.length > 0 && !isOver ? [] : await this.listUnfinished();
      const others = makers.filter((title) => !except.map(titleOf).includes(title));
      const unready = [...pods.map(describePod), ...others];
      if (unready.length === 0 || isOver) return unready;
      await sleep(pause);
    }
  }

  private async evict({ metadata }: V1Pod): Promise<void> {
    const { name = "", namespace = "" } = metadata ?? {};
    const body = { metadata: { name, namespace } };
    await this.core
      .createNamespacedPodEviction({ name, namespace, body })
      .catch((error: ApiException<unknown>) => {
        // 429: its disruption budget allows no more evictions now. 404: it was deleted.
        if (error.code !== 429 && error.code !== 404) throw error;
      });
  }

  /** Returns workloads without all of their pods, and autoscalers below their minimum. */
  private async listUnfinished(): Promise<string[]> {
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

/** Whether a pod belongs to one of the workloads. */
export function isOneOf(pod: V1Pod, subjects: Subject[]): boolean {
  return subjects.some(
    ({ namespace, labels }) => pod.metadata?.namespace === namespace && hasLabels(pod, labels),
  );
}

/** Returns `namespace/name: why it is not scheduled`, or its phase. */
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
