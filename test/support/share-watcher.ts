import type { Cluster } from "../../local/cluster";
import { sharesOf, type Split } from "../../releases/shares";
import { isReady, ObjectWatcher } from "./object-watcher";

/** The share of each release and its number of ready pods, at one moment. */
export interface Moment {
  split: Split;
  ready: Record<string, number>;
}

const instance = "app.kubernetes.io/instance";

/** Watches an app's Services, route and pods, and returns every moment in the order of the writes. */
export class ShareWatcher extends ObjectWatcher<"service" | "route" | "pod"> {
  constructor(
    cluster: Cluster,
    namespace: string,
    private readonly app: string,
  ) {
    super(cluster, {
      service: `/api/v1/namespaces/${namespace}/services`,
      route: `/apis/gateway.networking.k8s.io/v1/namespaces/${namespace}/httproutes`,
      pod: `/api/v1/namespaces/${namespace}/pods`,
    });
  }

  /** Returns every moment so far. */
  moments(): Moment[] {
    const selected: { stable?: string; canary?: string } = {};
    let weight: number | undefined;
    const pods = new Map<string, { release: string; ready: boolean }>();
    const moments: Moment[] = [];
    for (const { kind, type, object } of this.writes()) {
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
