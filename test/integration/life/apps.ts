import type { TestStack } from "../../support/project";

type Fields = Record<string, unknown>;

/** The apps of the stack whose releases the tests change: what is asked of them, and what the cluster has. */
export class LifeApps {
  /** Arguments of kubectl that name the namespace of `orders`. */
  static readonly inTeam = ["-n", "content-dev"];

  constructor(private readonly stack: TestStack) {}

  /** Makes a release of an app stable, and takes its canary back. */
  makeStable(app: string, version: string): void {
    this.stack.editApp<Fields>(app, (fields) => {
      fields["stable"] = { version };
      delete fields["canary"];
    });
  }

  /** Sets how long the migration of `orders` may take, seconds. */
  migrateWithin(activeDeadlineSeconds: number): void {
    this.stack.editApp<Fields>("orders", (orders) => {
      orders["migrate"] = { command: ["/app/orders", "migrate"], activeDeadlineSeconds };
    });
  }

  /** Lets every pod of a release of the shop become ready, or not, and waits until its Deployment says so. */
  async ready(version: string, status: "True" | "False"): Promise<void> {
    const inTeam = ["-n", "commerce-dev"];
    const name = `shop-${version.replaceAll(".", "-")}`;
    const patch = JSON.stringify({ status: { conditions: [{ type: "Ready", status }] } });
    const selector = `app.kubernetes.io/instance=${name}`;
    const names = await this.stack.kubectl("get", "pods", ...inTeam, "-l", selector, "-o", "name");
    const pods = names.trim().split("\n");
    await this.stack.kubectl("patch", ...pods, ...inTeam, "--subresource=status", "-p", patch);
    const available = ["--for", `condition=Available=${status}`, "--timeout=60s"];
    await this.stack.kubectl("wait", `deployment/${name}`, ...inTeam, ...available);
  }

  /** Returns the release of the shop that gets the requests of stable. */
  readSelected(): Promise<string> {
    return this.stack.kubectl(
      ...["get", "service", "shop-stable", "-n", "commerce-dev", "-o"],
      "jsonpath={.spec.selector.app\\.kubernetes\\.io/instance}",
    );
  }

  /** Returns the releases of `orders` that its Services select, and the weights of its route. */
  async listServing(): Promise<string[]> {
    const kinds = ["service/orders-stable", "service/orders-canary", "httproute/orders"];
    const list = await this.stack.kubectl("get", ...kinds, ...LifeApps.inTeam, "-o", "json");
    const { items } = JSON.parse(list) as {
      items: {
        spec: {
          selector?: Record<string, string>;
          rules?: { backendRefs: { weight: number }[] }[];
        };
      }[];
    };
    return items.map(({ spec: { selector, rules } }) =>
      selector === undefined
        ? (rules
            ?.at(-1)
            ?.backendRefs.map(({ weight }) => weight)
            .join(" ") ?? "")
        : (selector["app.kubernetes.io/instance"] ?? ""),
    );
  }

  /** Returns the UIDs of the Jobs of the migration of `orders` to 3.2.0, by name. */
  async migrations(): Promise<Record<string, string>> {
    const list = await this.stack.kubectl("get", "jobs", ...LifeApps.inTeam, "-o", "json");
    const { items } = JSON.parse(list) as { items: { metadata: { name: string; uid: string } }[] };
    return Object.fromEntries(
      items
        .filter(({ metadata }) => metadata.name.includes("3-2-0-migrate"))
        .map(({ metadata: { name, uid } }) => [name, uid]),
    );
  }
}
