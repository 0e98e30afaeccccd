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

/** Something that is to be there at every moment. */
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
 * Follows every change of a cluster's pods and endpoints, and notes who is ever without a ready one.
 * A pod that ends does not count, though it may still answer.
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

  /** From now on, whatever has more than one ready pod must not be without any. */
  guard(): string[] {
    this.guarded = this.subjects.filter((subject) => this.ready(subject) > 1);
    return this.guarded.map(titleOf);
  }

  /** Who was without a ready pod at any moment since. @throws what broke the following. */
  outages(): string[] {
    if (this.breaks.length > 0) throw this.breaks[0];
    return [...this.down].sort();
  }

  /** How many ready pods there are now. */
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
    const look = () => {
      for (const subject of this.guarded) {
        if (this.ready(subject) === 0) this.down.add(titleOf(subject));
      }
    };
    for (const verb of ["add", "update", "delete"] as const) collection.on(verb, look);
    // Changes may have been missed: nothing can be said of that time.
    collection.on("error", (error) => this.breaks.push(error));
    await collection.start();
  }
}

/** `Deployment gateway/traefik`. */
export function titleOf({ kind, namespace, name }: Subject): string {
  return `${kind} ${namespace}/${name}`;
}

function isReady({ metadata, status }: V1Pod): boolean {
  if (metadata?.deletionTimestamp !== undefined) return false;
  return (status?.conditions ?? []).some(
    (entry) => entry.type === "Ready" && entry.status === "True",
  );
}

/** Whether an object has some labels. */
export function hasLabels({ metadata }: KubernetesObject, labels: Record<string, string>): boolean {
  return Object.entries(labels).every(([key, value]) => metadata?.labels?.[key] === value);
}
