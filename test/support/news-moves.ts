import type { TestStack } from "./project";

interface Item {
  kind: string;
  metadata: { namespace: string; name: string };
  status?: { readyReplicas?: number };
}

/** What one namespace has of the app at one moment. */
export interface Place {
  ready: number;
  service: boolean;
  route: boolean;
}

/** The namespaces between which the app moves. */
export const [from, to] = ["content-dev", "commerce-dev"] as const;

/** The app `news` of a test's stack, which moves to the namespace of another team. */
export class NewsMoves {
  constructor(private readonly stack: TestStack) {}

  /** Returns what each of the two namespaces has of the app. */
  async look(): Promise<Record<typeof from | typeof to, Place>> {
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
