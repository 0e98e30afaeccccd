import { KubeConfig, Watch } from "@kubernetes/client-node";
import type { Cluster } from "../../local/cluster";

/** Fields of objects that decide about requests: Services, routes, pods and Deployments. */
export interface LiveObject {
  metadata: {
    name: string;
    resourceVersion: string;
    labels?: Record<string, string>;
    deletionTimestamp?: string;
  };
  spec?: {
    selector?: Record<string, string>;
    /** Of an HTTPRoute. */
    rules?: { backendRefs: { name: string; weight?: number }[] }[];
    /** Of a TraefikService. */
    weighted?: { services: { name: string; weight?: number }[] };
  };
  status?: {
    conditions?: { type: string; status: string }[];
    /** Of a Deployment. */
    availableReplicas?: number;
  };
}

/** A write that a watch received. */
export interface SeenWrite<Kind extends string> {
  revision: number;
  kind: Kind;
  type: string;
  object: LiveObject;
}

/** Watches several kinds of objects, and returns every write in order. */
export class ObjectWatcher<Kind extends string> {
  private readonly seen: SeenWrite<Kind>[] = [];
  private readonly requests: AbortController[] = [];
  /** Watches that ended unexpectedly, so that changes could be missed. */
  readonly broken: unknown[] = [];
  private stopping = false;

  constructor(
    private readonly cluster: Cluster,
    /** Path of each kind in the API. */
    private readonly paths: Record<Kind, string>,
  ) {}

  /** Starts watching, with the existing objects first. */
  async start(): Promise<void> {
    const config = new KubeConfig();
    config.loadFromFile(this.cluster.kubeconfig);
    const watch = new Watch(config);
    for (const [kind, path] of Object.entries(this.paths) as [Kind, string][]) {
      const request = await watch.watch(
        path,
        {},
        (type: string, object: LiveObject) =>
          this.seen.push({ kind, type, object, revision: Number(object.metadata.resourceVersion) }),
        (error: unknown) => {
          if (!this.stopping) this.broken.push(error ?? "a watch ended");
        },
      );
      this.requests.push(request);
    }
  }

  /** Stops the watches. */
  stop(): void {
    this.stopping = true;
    for (const request of this.requests) request.abort();
  }

  /** Returns every write so far. They are ordered by their revisions, whatever watch received them first. */
  writes(): SeenWrite<Kind>[] {
    return [...this.seen].sort((a, b) => a.revision - b.revision);
  }
}

/** Whether a pod is ready and stays so. */
export function isReady({ metadata, status }: LiveObject): boolean {
  const condition = status?.conditions?.find(({ type }) => type === "Ready");
  return metadata.deletionTimestamp === undefined && condition?.status === "True";
}
