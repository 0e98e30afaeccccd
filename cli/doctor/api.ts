import type { RequestOptions } from "node:https";
import { ClusterReader, type ReaderArgs } from "../../cluster/reader";
import { jsonOr } from "../../engine/json";

/** Maximum number of objects in one page of a list. */
const pageSize = 500;

/** A response of the API server. */
export interface Answer {
  status: number;
  /** The parsed JSON, or the text if it is not JSON. */
  body: unknown;
  /** Time of the response according to the server. */
  date: Date | undefined;
}

interface List<T> {
  items?: T[];
  metadata?: { continue?: string };
}

/** Sends requests to one API server, as the user of the kubeconfig. */
export class DoctorApi extends ClusterReader {
  /** CA certificate of the cluster, from the kubeconfig. */
  authority: RequestOptions["ca"];

  /** @throws ProgramError if the kubeconfig cannot be read, or has no such context. */
  static async of(args: ReaderArgs): Promise<DoctorApi> {
    const api = new DoctorApi(args);
    api.authority = (await api.access()).ca;
    return api;
  }

  /** Returns every object of a list, page by page; none if there is no such kind. */
  async list<T>(path: string): Promise<T[]> {
    const found: T[] = [];
    for (let next: string | undefined = ""; next !== undefined;) {
      const page: string = next === "" ? "" : `&continue=${encodeURIComponent(next)}`;
      const list: List<T> | undefined = await this.get(`${path}?limit=${pageSize}${page}`);
      found.push(...(list?.items ?? []));
      next = list?.metadata?.continue || undefined;
    }
    return found;
  }

  /**
   * Sends a request and returns the response, whatever its status.
   * @throws ProgramError if there is no response.
   */
  async ask(method: string, path: string, content?: object): Promise<Answer> {
    const { status, body, date } = await this.request(method, path, content);
    return { status, body: jsonOr(body, body), date };
  }
}
