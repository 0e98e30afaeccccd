import { isReady, type LiveObject, type SeenWrite } from "../../test/support/object-watcher";

/** A moment at which a Service behind a route gets more requests, or leads to other pods. */
export interface Switch {
  service: string;
  /** Share of the requests that it gets from then on, percent. */
  share: number;
  /** Its ready pods at that moment. */
  ready: number;
  /** Pods that its share needs at full capacity. */
  needed: number;
}

/** Kinds of objects that decide about the switches of one app. */
export type BackendKind = "service" | "route" | "pod";

/** Rates that decide how many pods a share needs, requests per second. */
export interface Rates {
  peak: number;
  /** What one pod can handle. */
  capacity: number;
}

/** What was seen of an app's backends during a change. */
export interface SwitchesSeen {
  /** Every switch, in order. */
  switches: Switch[];
  /** Lowest number of ready pods relative to the needed ones, at any moment and of any Service with a share. */
  fewest?: Switch;
}

/**
 * Returns the switches of an app's route in the order of the writes.
 * @param route name of the HTTPRoute or TraefikService.
 * @param since revision after which switches count; earlier writes only tell the state.
 */
export function switchesOf(
  writes: readonly SeenWrite<BackendKind>[],
  { route, since, rates }: { route: string; since: number; rates: Rates },
): SwitchesSeen {
  const state = new Backends();
  const seen: SwitchesSeen = { switches: [] };
  for (const write of writes) {
    const before = state.shares();
    state.apply(write, route);
    if (write.revision <= since) continue;
    for (const [service, share] of state.shares()) {
      if (share === 0) continue;
      const needed = Math.ceil((rates.peak * share) / 100 / rates.capacity);
      const moment = { service, share, ready: state.readyPods(service), needed };
      if (seen.fewest === undefined || ratio(moment) < ratio(seen.fewest)) seen.fewest = moment;
      const rises = share > (before.get(service) ?? 0);
      if (rises || state.redirected === service) seen.switches.push(moment);
    }
  }
  return seen;
}

/** Ready pods relative to the needed ones. */
export function ratio({ ready, needed }: Pick<Switch, "ready" | "needed">): number {
  return ready / needed;
}

/** The Services, route and pods of one namespace, as far as they decide about requests. */
class Backends {
  /** The Service whose selector the last write changed. */
  redirected: string | undefined;
  private readonly selectors = new Map<string, Record<string, string>>();
  private readonly pods = new Map<string, { labels: Record<string, string>; ready: boolean }>();
  private weights: { name: string; weight?: number }[] = [];

  apply({ kind, type, object }: SeenWrite<BackendKind>, route: string): void {
    const { name, labels = {} } = object.metadata;
    this.redirected = undefined;
    if (kind === "route") {
      if (name === route && type !== "DELETED") this.weights = backendsOf(object);
    } else if (kind === "service") {
      const selector = object.spec?.selector ?? {};
      const former = this.selectors.get(name);
      if (former !== undefined && !isSame(former, selector)) this.redirected = name;
      this.selectors.set(name, selector);
    } else if (type === "DELETED") this.pods.delete(name);
    else this.pods.set(name, { labels, ready: isReady(object) });
  }

  /** Share of each Service, percent. */
  shares(): Map<string, number> {
    const total = this.weights.reduce((sum, { weight = 1 }) => sum + weight, 0);
    return new Map(
      this.weights.map(({ name, weight = 1 }) => [name, total === 0 ? 0 : (100 * weight) / total]),
    );
  }

  readyPods(service: string): number {
    const selector = Object.entries(this.selectors.get(service) ?? {});
    if (selector.length === 0) return 0;
    return [...this.pods.values()].filter(
      ({ labels, ready }) => ready && selector.every(([key, value]) => labels[key] === value),
    ).length;
  }
}

/** The weighted backends of an HTTPRoute's last rule, which takes all requests that no other does, or of a TraefikService. */
function backendsOf({ spec }: LiveObject): { name: string; weight?: number }[] {
  return spec?.weighted?.services ?? spec?.rules?.at(-1)?.backendRefs ?? [];
}

function isSame(a: Record<string, string>, b: Record<string, string>): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
