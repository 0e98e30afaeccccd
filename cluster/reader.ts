import * as http from "node:http";
import * as https from "node:https";
import { ProgramError } from "../config";
import { accessOf, authentication, readKubeconfig, type Kubeconfig } from "./kubeconfig";

/** Where the API server is, and as whom it is asked. */
export interface ReaderArgs {
  /** Path of the kubeconfig, from the project's folder. */
  kubeconfig: string;
  context: string;
}

/** The API server does not answer, or is not able to: it may be asked again in a while. */
export class NoAnswer extends ProgramError {}

/** Milliseconds that the API server has for one answer. */
const answerTimeout = 30_000;

/** Reads objects as they are now, which no resource of the engine can do without declaring them. */
export class ClusterReader {
  private readonly config: Kubeconfig;
  private options?: Promise<https.RequestOptions>;
  private readonly agents = {
    "http:": new http.Agent({ keepAlive: true, maxSockets: 8 }),
    "https:": new https.Agent({ keepAlive: true, maxSockets: 8 }),
  };

  /** @throws ProgramError when the kubeconfig cannot be read, or has no such context or cluster. */
  constructor(args: ReaderArgs) {
    this.config = readConfig(args);
  }

  /**
   * The object, or the list, at a path of the API; nothing when there is none.
   * @throws NoAnswer when the API server is away, ProgramError when it refuses.
   */
  async get<T>(path: string): Promise<T | undefined> {
    const { status, body } = await this.ask(path).catch((error: unknown) => {
      throw new NoAnswer(
        `The API server at ${this.server} does not answer to GET ${path} (${reasonOf(error)}). ` +
          "Check that the cluster runs and that the kubeconfig names it, and run the command again.",
      );
    });
    if (status === 404) return undefined;
    if (status !== 200) {
      const text = `The API server at ${this.server} answered ${status} to GET ${path}: ${messageIn(body)}`;
      throw status >= 500 ? new NoAnswer(text) : new ProgramError(text);
    }
    try {
      return JSON.parse(body) as T;
    } catch {
      throw new ProgramError(
        `What answered GET ${path} at ${this.server} is no API server: ${body.slice(0, 200)}. Check where the kubeconfig leads.`,
      );
    }
  }

  /** Lets go of its connections. */
  close(): void {
    for (const agent of Object.values(this.agents)) agent.destroy();
  }

  private get server(): string {
    return accessOf(this.config).cluster?.server ?? "";
  }

  private async ask(path: string): Promise<{ status: number; body: string }> {
    this.options ??= authentication(this.config);
    const options = await this.options;
    // A server may have a path of its own, as behind Rancher.
    const url = new URL(`${this.server.replace(/\/$/, "")}${path}`);
    const secure = url.protocol === "https:";
    const own = this.agents[secure ? "https:" : "http:"];
    const proxied = accessOf(this.config).cluster?.proxyUrl !== undefined;
    return new Promise((resolve, reject) => {
      const sent = (secure ? https : http).get(
        url,
        { ...options, agent: proxied ? options.agent : own },
        (response) => {
          let body = "";
          response.setEncoding("utf8");
          response.on("data", (text: string) => (body += text));
          response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
          response.on("error", reject);
        },
      );
      sent.setTimeout(answerTimeout, () => sent.destroy(new Error("no answer in time")));
      sent.on("error", reject);
    });
  }
}

/**
 * UID of the namespace `kube-system`, which tells one cluster from another. It is read without the
 * engine: a resource that is only read is taken for drift by every refresh after an update.
 * @throws ProgramError when the cluster does not tell.
 */
export async function clusterUid(args: ReaderArgs): Promise<string> {
  const reader = new ClusterReader(args);
  try {
    const path = "/api/v1/namespaces/kube-system";
    const namespace = await reader.get<{ metadata: { uid: string } }>(path);
    if (namespace !== undefined) return namespace.metadata.uid;
    throw new ProgramError(
      `Context "${args.context}" leads to a server that has no namespace kube-system, which every cluster has. Nothing was changed.`,
    );
  } finally {
    reader.close();
  }
}

function readConfig({ kubeconfig, context }: ReaderArgs): Kubeconfig {
  const config = { ...read(kubeconfig), currentContext: context };
  const known = config.contexts.map(({ name }) => name);
  if (!known.includes(context)) {
    throw new ProgramError(
      `The kubeconfig "${kubeconfig}" has no context "${context}"; it has ${known.join(", ") || "none"}. Nothing was changed; correct platform:cluster.context.`,
    );
  }
  if (accessOf(config).cluster === undefined) {
    throw new ProgramError(
      `The kubeconfig "${kubeconfig}" has no such cluster as context "${context}" names. Nothing was changed.`,
    );
  }
  return config;
}

function read(kubeconfig: string): Kubeconfig {
  try {
    return readKubeconfig(kubeconfig);
  } catch (error) {
    throw new ProgramError(
      `The kubeconfig "${kubeconfig}" cannot be read: ${reasonOf(error)}. Nothing was changed; correct platform:cluster.kubeconfig.`,
    );
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return "there is no such file";
  // A name with several addresses fails with one error for each, and a message for none.
  return error.message || code || error.name;
}

/** What a Status object says; the text itself where it is none, as a proxy's page. */
function messageIn(body: string): string {
  try {
    const { message } = JSON.parse(body || "{}") as { message?: string };
    return message ?? "no reason given";
  } catch {
    return body.slice(0, 200);
  }
}
