import type { Cluster } from "../../local/cluster";
import { ApiAccess, type Answer } from "./api-access";

/** Sends requests to a cluster's API server as a user in one group. */
export class AsUser {
  private constructor(
    private readonly user: string,
    private readonly access: ApiAccess,
  ) {}

  static async of(cluster: Cluster, user: string): Promise<AsUser> {
    return new AsUser(user, await ApiAccess.of(cluster));
  }

  /**
   * Sends a request.
   * @param content a merge patch, or the object of a POST. Default: none.
   */
  request(group: string, method: string, path: string, content?: object): Promise<Answer> {
    const type = method === "PATCH" ? "application/merge-patch+json" : "application/json";
    return this.access.send(method, path, {
      headers: {
        "Impersonate-User": this.user,
        "Impersonate-Group": group,
        "Content-Type": type,
      },
      content: content && JSON.stringify(content),
    });
  }
}
