import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import { once } from "node:events";
import { join } from "node:path";
import type { V1Pod } from "@kubernetes/client-node";
import { dataFolder, type Cluster } from "../../../local/cluster/paths";

import { metricsPath } from "../../../local/cluster/metrics";
import type { Pods } from "./pods";

/** Address of the kubelets' metrics: in the test's own network namespace, with a kubelet's default port. */
const endpoint = { address: "10.0.254.1", port: 10_250 };

/** Cost of a pod's requests. */
export interface Cost {
  /** Requests per second that use all of the pod's CPU request. */
  capacity: number;
  /** CPU request, millicores. */
  cpu: number;
}

/**
 * Serves the resource metrics of the nodes' kubelets for the real metrics-server. A pod's CPU use is proportional to
 * the requests that its process received, because these processes respond from memory and use almost none.
 */
export class UsageServer {
  private server?: Server;

  constructor(
    private readonly cluster: Cluster,
    private readonly pods: Pods,
    private readonly cost: Cost,
    private readonly errors: unknown[],
  ) {}

  /** Serves the metrics, and writes their address into every node. */
  async start(): Promise<void> {
    const pki = join(dataFolder(this.cluster), "pki");
    const read = (file: string) => readFileSync(join(pki, file));
    const server = createServer({ cert: read("admin.crt"), key: read("admin.key") });
    server.on("request", (request, response) => {
      const node = /^\/metrics\/nodes\/([^/]+)\//.exec(request.url ?? "")?.[1] ?? "";
      this.metricsOf(node).then(
        (text) => response.end(text),
        (error: unknown) => {
          this.errors.push(error);
          response.writeHead(500).end();
        },
      );
    });
    server.listen(endpoint.port, endpoint.address);
    await once(server, "listening");
    this.server = server;
    await this.pods.announceKubelets(endpoint, metricsPath);
  }

  stop(): void {
    this.server?.close();
    this.server?.closeAllConnections();
  }

  private async metricsOf(node: string): Promise<string> {
    const all = await this.pods.list();
    const own = all.filter(({ spec, status }) => spec?.nodeName === node && status?.podIP);
    const lines = await Promise.all(own.map((pod) => this.linesOf(pod)));
    const total = lines.reduce((sum, { seconds }) => sum + seconds, 0);
    return [
      `node_cpu_usage_seconds_total ${total}`,
      "node_memory_working_set_bytes 100000000",
      ...lines.flatMap(({ text }) => text),
      "",
    ].join("\n");
  }

  private async linesOf(pod: V1Pod): Promise<{ seconds: number; text: string[] }> {
    const requests = await requestsOf(pod);
    if (requests === undefined) return { seconds: 0, text: [] };
    const { capacity, cpu } = this.cost;
    // metrics-server omits a process that uses no CPU.
    const seconds = 0.001 + (requests * cpu) / 1000 / capacity;
    const { name, namespace, creationTimestamp } = pod.metadata ?? {};
    const labels = `{container="${pod.spec?.containers[0]?.name}",namespace="${namespace}",pod="${name}"}`;
    const started = new Date(creationTimestamp ?? 0).getTime() / 1000;
    return {
      seconds,
      text: [
        `container_start_time_seconds${labels} ${started}`,
        `container_cpu_usage_seconds_total${labels} ${seconds}`,
        `container_memory_working_set_bytes${labels} 10000000`,
      ],
    };
  }
}

/** Returns the requests that a pod's process received; undefined if it does not respond. */
async function requestsOf({ spec, status }: V1Pod): Promise<number | undefined> {
  const port = spec?.containers[0]?.ports?.[0]?.containerPort;
  if (status?.podIP === undefined || port === undefined) return undefined;
  try {
    const signal = AbortSignal.timeout(1000);
    const answer = await fetch(`http://${status.podIP}:${port}/requests`, { signal });
    const requests = Number(await answer.text());
    return Number.isInteger(requests) ? requests : undefined;
  } catch {
    return undefined;
  }
}
