import * as https from "node:https";
import { accessOf, authentication, readKubeconfig } from "../../cluster/kubeconfig";
import type { Cluster } from "../../local/cluster";

/** A response of the API server. */
export interface Answer {
  status: number;
  body: string;
}

/** Options of a request. */
export interface Sent {
  headers?: Record<string, string>;
  /** Default: a connection for each request. */
  agent?: https.Agent;
  /** Default: none. */
  content?: string;
}

/** Sends requests to a cluster's API server as its kubeconfig's user, without a process of kubectl for each. */
export class ApiAccess {
  private constructor(
    private readonly server: string,
    private readonly options: https.RequestOptions,
  ) {}

  static async of({ kubeconfig }: Cluster): Promise<ApiAccess> {
    const config = readKubeconfig(kubeconfig);
    const server = accessOf(config).cluster?.server ?? "";
    return new ApiAccess(server, await authentication(config));
  }

  /** Sends a request, and returns the response whatever its status. */
  send(method: string, path: string, { headers, agent, content }: Sent = {}): Promise<Answer> {
    const options = { ...this.options, method, headers: { ...this.options.headers, ...headers } };
    return new Promise((resolve, reject) => {
      const sent = https.request(
        `${this.server}${path}`,
        { ...options, ...(agent && { agent }) },
        (response) => {
          let body = "";
          response.setEncoding("utf8").on("data", (part: string) => (body += part));
          response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
          response.on("error", reject);
        },
      );
      sent.on("error", reject);
      sent.end(content);
    });
  }
}
