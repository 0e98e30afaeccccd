import type { Cluster } from "../../local/cluster";
import { ObjectWatcher, type SeenWrite } from "./object-watcher";
import type { TestStack } from "./project";

interface Item {
  kind: string;
  metadata: { namespace: string; name: string };
  status?: { readyReplicas?: number };
}

/** The app's objects in one namespace at one moment. */
export interface Place {
  ready: number;
  service: boolean;
  route: boolean;
}

/** The namespaces between which the app moves. */
export const [from, to] = ["content-dev", "commerce-dev"] as const;

type Kind = "deployments" | "services" | "httproutes";
type Watched = `${typeof from | typeof to}/${Kind}`;

/** The app's objects in both namespaces at one moment. */
export type Places = Record<typeof from | typeof to, Place>;

/** The app `news` of a test's stack, which moves to the namespace of another team. */
export class NewsMoves {
  constructor(private readonly stack: TestStack) {}

  /** Returns a watch of the objects that decide about the app's requests. */
  static watch(cluster: Cluster): ObjectWatcher<Watched> {
    const path = (namespace: string, kind: Kind) => {
      const group = { deployments: "apps/v1", httproutes: "gateway.networking.k8s.io/v1" };
      const api = kind === "services" ? "/api/v1" : `/apis/${group[kind]}`;
      return `${api}/namespaces/${namespace}/${kind}`;
    };
    const kinds: readonly Kind[] = ["deployments", "services", "httproutes"];
    const paths = [from, to].flatMap((namespace) =>
      kinds.map((kind) => [`${namespace}/${kind}`, path(namespace, kind)] as const),
    );
    return new ObjectWatcher(cluster, Object.fromEntries(paths) as Record<Watched, string>);
  }

  /**
   * Returns the app's objects in each namespace after every write, from the moment at which the app served requests.
   */
  static places(writes: readonly SeenWrite<Watched>[]): Places[] {
    const none = { ready: 0, service: false, route: false };
    let places: Places = { [from]: none, [to]: none };
    let isKnown = false;
    return writes.flatMap(({ kind: watched, type, object: { metadata, status } }) => {
      const [namespace, kind] = watched.split("/") as [keyof Places, Kind];
      const exists = type !== "DELETED" && metadata.deletionTimestamp === undefined;
      const ready = exists ? (status?.availableReplicas ?? 0) : 0;
      const changes: Record<Kind, [name: string, Partial<Place>]> = {
        deployments: ["news-2-0-1", { ready }],
        services: ["news-stable", { service: exists }],
        httproutes: ["news", { route: exists }],
      };
      const [name, change] = changes[kind];
      if (metadata.name !== name) return [];
      places = { ...places, [namespace]: { ...places[namespace], ...change } };
      const here = places[from];
      isKnown ||= here.ready > 0 && here.service && here.route;
      return isKnown ? [places] : [];
    });
  }

  /** Returns the app's objects in each of the two namespaces. */
  async look(): Promise<Places> {
    const kinds = "deployments,services,httproutes";
    const list = await this.stack.kubectl("get", kinds, "-A", "-o", "json");
    const { items } = JSON.parse(list) as { items: Item[] };
    const place = (namespace: string): Place => {
      const own = items.filter(({ metadata }) => metadata.namespace === namespace);
      const named = (kind: string, name: string) =>
        own.find((item) => item.kind === kind && item.metadata.name === name);
      return {
        ready: named("Deployment", "news-2-0-1")?.status?.readyReplicas ?? 0,
        service: named("Service", "news-stable") !== undefined,
        route: named("HTTPRoute", "news") !== undefined,
      };
    };
    return { [from]: place(from), [to]: place(to) };
  }

  /** Changes fields of its config. */
  edit(fields: object): void {
    this.stack.editApp("news", (news) => Object.assign(news, fields));
  }
}
