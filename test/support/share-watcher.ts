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

/** One moment: who gets which share, and how many pods of each release are ready. */
export interface Moment {
  split: Split;
  ready: Record<string, number>;
}

const instance = "app.kubernetes.io/instance";

/** Watches an app's Services, route and pods, and tells every moment in the order in which they were written. */
export class ShareWatcher {
  private readonly seen: Seen[] = [];
  private readonly requests: AbortController[] = [];
  /** Watches that ended by themselves, with which changes would have gone unseen. */
  readonly broken: unknown[] = [];
  private stopping = false;

  constructor(
    private readonly cluster: Cluster,
    private readonly namespace: string,
    private readonly app: string,
  ) {}

  /** Begins; what is there already is told first. */
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

  /** Ends the watches. */
  stop(): void {
    this.stopping = true;
    for (const request of this.requests) request.abort();
  }

  /**
   * Every moment so far: writes have one order, by their revisions, whichever watch told them first.
   * @param from moments before this one are left out.
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

/** Releases that at some moment got more than they had and than is asked, whichever is more. */
export function beyondShares(moments: readonly Moment[], from: Split, to: Split): string[] {
  const [had, asked] = [sharesOf(from), sharesOf(to)];
  return moments.flatMap(({ split }) =>
    [...sharesOf(split)]
      .filter(([name, share]) => share > Math.max(had.get(name) ?? 0, asked.get(name) ?? 0))
      .map(([name, share]) => `${name} had ${share}%`),
  );
}

/** Releases whose share rose, at that very moment, with fewer ready pods than `pods` for all requests. */
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
