import type { RequestOptions } from "node:https";
import { ClusterReader, type ReaderArgs } from "../../cluster/reader";
import { jsonOr } from "../../engine/json";

/** Objects of one page of a list. */
const pageSize = 500;

/** An answer of the API server. */
export interface Answer {
  status: number;
  /** What the JSON says; the text where it is none. */
  body: unknown;
  /** When the server says that it answered. */
  date: Date | undefined;
}

interface List<T> {
  items?: T[];
  metadata?: { continue?: string };
}

/** Asks one API server, as the person of the kubeconfig. */
export class DoctorApi extends ClusterReader {
  /** Authority that signs the cluster's certificates, as the kubeconfig has it. */
  authority: RequestOptions["ca"];

  /** @throws ProgramError when the kubeconfig cannot be read, or has no such context. */
  static async of(args: ReaderArgs): Promise<DoctorApi> {
    const api = new DoctorApi(args);
    api.authority = (await api.access()).ca;
    return api;
  }

  /** Every object of a list, page by page; none where there is no such kind. */
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

  /** Sends a request and returns the answer, whatever its status. @throws ProgramError when nothing answers. */
  async ask(method: string, path: string, content?: object): Promise<Answer> {
    const { status, body, date } = await this.request(method, path, content);
    return { status, body: jsonOr(body, body), date };
  }
}
