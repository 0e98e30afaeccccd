import { KubeConfig, Watch } from "@kubernetes/client-node";
import type { Cluster } from "../../local/cluster";
import { sharesOf, type Split } from "../../releases/shares";

interface Seen {
  revision: number;
  kind: "service" | "route" | "pod";
  type: string;
  object: LiveObject;
}

interface LiveObject {
  metadata: {
    name: string;
    resourceVersion: string;
    labels?: Record<string, string>;
    deletionTimestamp?: string;
  };
  spec?: {
    selector?: Record<string, string>;
    rules?: { backendRefs: { name: string; weight: number }[] }[];
  };
  status?: { conditions?: { type: string; status: string }[] };
}

/** A moment: the share of each release, and its number of ready pods. */
export interface Moment {
  split: Split;
  ready: Record<string, number>;
}

const instance = "app.kubernetes.io/instance";

/** Watches an app's Services, route and pods, and returns every moment in the order of the writes. */
export class ShareWatcher {
  private readonly seen: Seen[] = [];
  private readonly requests: AbortController[] = [];
  /** Watches that ended unexpectedly, so that changes could be missed. */
  readonly broken: unknown[] = [];
  private stopping = false;

  constructor(
    private readonly cluster: Cluster,
    private readonly namespace: string,
    private readonly app: string,
  ) {}

  /** Starts watching, with the existing objects first. */
  async start(): Promise<void> {
    const config = new KubeConfig();
    config.loadFromFile(this.cluster.kubeconfig);
    const watch = new Watch(config);
    const paths = {
      service: `/api/v1/namespaces/${this.namespace}/services`,
      route: `/apis/gateway.networking.k8s.io/v1/namespaces/${this.namespace}/httproutes`,
      pod: `/api/v1/namespaces/${this.namespace}/pods`,
    } as const;
    for (const [kind, path] of Object.entries(paths) as [Seen["kind"], string][]) {
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

  /**
   * Returns every moment so far. Writes are ordered by their revisions, whatever watch received them first.
   * @param from earlier moments are omitted.
   */
  moments(): Moment[] {
    const selected: { stable?: string; canary?: string } = {};
    let weight: number | undefined;
    const pods = new Map<string, { release: string; ready: boolean }>();
    const moments: Moment[] = [];
    for (const { kind, type, object } of [...this.seen].sort((a, b) => a.revision - b.revision)) {
      const { name, labels } = object.metadata;
      if (kind === "service") {
        if (name === `${this.app}-stable`) selected.stable = object.spec?.selector?.[instance];
        if (name === `${this.app}-canary`) selected.canary = object.spec?.selector?.[instance];
      } else if (kind === "route") {
        if (name !== this.app) continue;
        const backends = object.spec?.rules?.at(-1)?.backendRefs;
        weight = backends?.find((backend) => backend.name === `${this.app}-canary`)?.weight;
      } else if (type === "DELETED") pods.delete(name);
      else pods.set(name, { release: labels?.[instance] ?? "", ready: isReady(object) });
      const { stable, canary } = selected;
      if (stable === undefined || canary === undefined || weight === undefined) continue;
      const ready: Record<string, number> = {};
      for (const pod of pods.values()) {
        if (pod.ready) ready[pod.release] = (ready[pod.release] ?? 0) + 1;
      }
      moments.push({ split: { stable, canary, weight }, ready });
    }
    return moments;
  }
}

function isReady({ metadata, status }: LiveObject): boolean {
  const condition = status?.conditions?.find(({ type }) => type === "Ready");
  return metadata.deletionTimestamp === undefined && condition?.status === "True";
}

/** Returns releases that at some moment had a larger share than both before and after. */
export function beyondShares(moments: readonly Moment[], from: Split, to: Split): string[] {
  const [had, asked] = [sharesOf(from), sharesOf(to)];
  return moments.flatMap(({ split }) =>
    [...sharesOf(split)]
      .filter(([name, share]) => share > Math.max(had.get(name) ?? 0, asked.get(name) ?? 0))
      .map(([name, share]) => `${name} had ${share}%`),
  );
}

/**
 * Returns releases whose share rose while they had fewer ready pods than it needs.
 * @param pods number of pods for all requests.
 */
export function risesWithoutPods(moments: readonly Moment[], pods: number): string[] {
  return moments.flatMap(({ split, ready }, index) => {
    const before = moments[index - 1];
    if (before === undefined) return [];
    const former = sharesOf(before.split);
    return [...sharesOf(split)]
      .filter(([name, share]) => share > (former.get(name) ?? 0))
      .filter(([name, share]) => (ready[name] ?? 0) < Math.ceil((pods * share) / 100))
      .map(([name, share]) => `${name} rose to ${share}% with ${ready[name] ?? 0} ready pods`);
  });
}
