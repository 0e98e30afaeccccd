import * as https from "node:https";
import { accessOf, authentication, readKubeconfig } from "../../cluster/kubeconfig";
import type { Cluster } from "../../local/cluster";

/** A response of the API server. */
export interface Response {
  status: number;
  body: string;
}

/** Sends requests to a cluster's API server as a user in one group, without a process of kubectl for each. */
export class AsUser {
  private constructor(
    private readonly user: string,
    private readonly server: string,
    private readonly options: https.RequestOptions,
  ) {}

  static async of({ kubeconfig }: Cluster, user: string): Promise<AsUser> {
    const config = readKubeconfig(kubeconfig);
    const server = accessOf(config).cluster?.server ?? "";
    return new AsUser(user, server, await authentication(config));
  }

  /**
   * Sends a request.
   * @param content a merge patch, or the object of a POST. Default: none.
   */
  request(group: string, method: string, path: string, content?: object): Promise<Response> {
    const type = method === "PATCH" ? "application/merge-patch+json" : "application/json";
    const headers = {
      ...this.options.headers,
      "Impersonate-User": this.user,
      "Impersonate-Group": group,
      "Content-Type": type,
    };
    return new Promise((resolve, reject) => {
      const sent = https.request(
        `${this.server}${path}`,
        { ...this.options, method, headers },
        (response) => {
          let body = "";
          response.setEncoding("utf8").on("data", (part: string) => (body += part));
          response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
          response.on("error", reject);
        },
      );
      sent.on("error", reject);
      sent.end(content === undefined ? undefined : JSON.stringify(content));
    });
  }
}
