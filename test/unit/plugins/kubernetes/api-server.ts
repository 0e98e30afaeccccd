import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Client } from "../../../../local/plugins/resource-kubernetes/client";
import { Provider } from "../../../../local/plugins/resource-kubernetes/provider";

/** Responses of the stub by request. */
export type Answers = Record<string, { status?: number; body: unknown }>;

const definitions = [
  { name: "customresourcedefinitions", kind: "CustomResourceDefinition", namespaced: false },
];
const workloads = [{ name: "deployments", kind: "Deployment", namespaced: true }];
const kinds = [
  { name: "services", kind: "Service", namespaced: true },
  { name: "endpoints", kind: "Endpoints", namespaced: true },
  { name: "pods", kind: "Pod", namespaced: true },
  { name: "configmaps", kind: "ConfigMap", namespaced: true },
  { name: "configmaps/status", kind: "ConfigMap", namespaced: true },
  { name: "namespaces", kind: "Namespace", namespaced: false },
];

/** A stub of an API server with a few kinds and given responses. */
export class ApiServer {
  /** `METHOD /path?query` of each request. */
  readonly asked: string[] = [];
  /** Body of each request that has one. */
  readonly bodies: unknown[] = [];
  /** Responses by `METHOD /path`; 404 for all others. */
  answers: Answers = {};
  private readonly server: Server;
  private port = 0;

  constructor() {
    this.server = createServer((request, response) => {
      const [path = "", query] = (request.url ?? "").split("?");
      this.asked.push(`${request.method} ${path}${query ? `?${query}` : ""}`);
      const known: Answers = {
        "GET /api/v1": { body: { resources: kinds } },
        "GET /apis/apps/v1": { body: { resources: workloads } },
        "GET /apis/apiextensions.k8s.io/v1": { body: { resources: definitions } },
        ...this.answers,
      };
      const { status = 200, body } = known[`${request.method} ${path}`] ?? {
        status: 404,
        body: { message: "not found" },
      };
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => {
        const text = Buffer.concat(parts).toString();
        if (text !== "") this.bodies.push(JSON.parse(text));
        response.writeHead(status, { "content-type": "application/json" });
        response.end(JSON.stringify(body));
      });
    });
  }

  /** Starts it, or restarts it at the same address. */
  async start(): Promise<void> {
    if (this.server.listening) return;
    this.server.listen(this.port, "127.0.0.1");
    await once(this.server, "listening");
    this.port = (this.server.address() as AddressInfo).port;
  }

  /**
   * Returns a provider for it, whose kubeconfig names the namespace `ours`.
   * @param stopped aborted when the update is canceled.
   */
  async provider(
    namespace?: string,
    stopped: AbortSignal = new AbortController().signal,
  ): Promise<Provider> {
    await this.start();
    const { port } = this;
    // The client library allows plain HTTP only with this setting.
    const plain = { "insecure-skip-tls-verify": true };
    const kubeconfig = JSON.stringify({
      clusters: [{ name: "c", cluster: { server: `http://127.0.0.1:${port}`, ...plain } }],
      users: [{ name: "u", user: {} }],
      contexts: [{ name: "x", context: { cluster: "c", user: "u", namespace: "ours" } }],
      "current-context": "x",
    });
    return new Provider(new Client({ kubeconfig }), stopped, namespace);
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
