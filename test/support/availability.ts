import {
  CoreV1Api,
  DiscoveryV1Api,
  KubeConfig,
  makeInformer,
  type Informer,
  type KubernetesObject,
  type ObjectCache,
  type V1EndpointSlice,
  type V1Pod,
} from "@kubernetes/client-node";
import type { Cluster } from "../../local/cluster";

/** An object that must always have a ready pod. */
export interface Subject {
  /** `Deployment`, `StatefulSet` or `Service`. */
  kind: string;
  namespace: string;
  name: string;
  /** Labels of its pods. */
  labels: Record<string, string>;
}

type Followed<T extends KubernetesObject> = Informer<T> & ObjectCache<T>;

/**
 * Watches all pods and endpoints of a cluster, and records objects without a ready one. A terminating pod does not
 * count, although it may still respond.
 */
export class Availability {
  private readonly pods: Followed<V1Pod>;
  private readonly slices: Followed<V1EndpointSlice>;
  private guarded: Subject[] = [];
  private readonly down = new Set<string>();
  private readonly breaks: unknown[] = [];

  constructor(
    { kubeconfig }: Cluster,
    private readonly subjects: Subject[],
  ) {
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    const core = config.makeApiClient(CoreV1Api);
    const discovery = config.makeApiClient(DiscoveryV1Api);
    this.pods = makeInformer(config, "/api/v1/pods", () => core.listPodForAllNamespaces());
    this.slices = makeInformer(config, "/apis/discovery.k8s.io/v1/endpointslices", () =>
      discovery.listEndpointSliceForAllNamespaces(),
    );
  }

  async start(): Promise<void> {
    await this.follow(this.pods);
    await this.follow(this.slices);
  }

  async stop(): Promise<void> {
    await Promise.all([this.pods.stop(), this.slices.stop()]);
  }

  /** Starts checking that every object with more than one ready pod always has one. */
  guard(): string[] {
    this.guarded = this.subjects.filter((subject) => this.ready(subject) > 1);
    return this.guarded.map(titleOf);
  }

  /**
   * Returns objects that were without a ready pod since then.
   * @throws the error that interrupted a watch.
   */
  outages(): string[] {
    if (this.breaks.length > 0) throw this.breaks[0];
    return [...this.down].sort();
  }

  /** Returns the number of ready pods. */
  ready({ kind, namespace, name, labels }: Subject): number {
    if (kind !== "Service") {
      return this.pods.list(namespace).filter((pod) => hasLabels(pod, labels) && isReady(pod))
        .length;
    }
    return this.slices
      .list(namespace)
      .filter((slice) => hasLabels(slice, { "kubernetes.io/service-name": name }))
      .flatMap(({ endpoints }) => endpoints ?? [])
      .filter(({ conditions }) => conditions?.ready === true).length;
  }

  private async follow<T extends KubernetesObject>(collection: Followed<T>): Promise<void> {
    // Others keep the pods that they had.
    const look = ({ metadata }: T) => {
      for (const subject of this.guarded) {
        if (subject.namespace !== metadata?.namespace) continue;
        if (this.ready(subject) === 0) this.down.add(titleOf(subject));
      }
    };
    for (const verb of ["add", "update", "delete"] as const) collection.on(verb, look);
    // Changes may have been missed, so the result would be unreliable.
    collection.on("error", (error) => this.breaks.push(error));
    await collection.start();
  }
}

/** Returns the kind, namespace and name, for example `Deployment gateway/traefik`. */
export function titleOf({ kind, namespace, name }: Subject): string {
  return `${kind} ${namespace}/${name}`;
}

function isReady({ metadata, status }: V1Pod): boolean {
  if (metadata?.deletionTimestamp !== undefined) return false;
  return (status?.conditions ?? []).some(
    (entry) => entry.type === "Ready" && entry.status === "True",
  );
}

/** Whether an object has the labels. */
export function hasLabels({ metadata }: KubernetesObject, labels: Record<string, string>): boolean {
  return Object.entries(labels).every(([key, value]) => metadata?.labels?.[key] === value);
}
