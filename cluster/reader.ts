import * as http from "node:http";
import * as https from "node:https";
import { text as textOf } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { ProgramError } from "../config";
import { reasonOf } from "../config/reason";
import { agentOptions, Credentials } from "./credentials";
import { accessOf, readKubeconfig, type Kubeconfig } from "./kubeconfig";

/** Arguments of {@link ClusterReader}. */
export interface ReaderArgs {
  /** Path of the kubeconfig, relative to the project. */
  kubeconfig: string;
  context: string;
}

/** The API server does not respond, or cannot serve the request; a later request may succeed. */
export class NoAnswer extends ProgramError {}

/** Response of an API server. */
export interface Answer {
  status: number;
  body: string;
  /** When the server responded, by its own clock. */
  date?: Date;
}

/** Timeout of a request, milliseconds. */
const answerTimeout = 30_000;

/**
 * Status with which an API server asks to repeat a request that it did not serve: it is busy, or prepares the storage of
 * a definition that has just been created or changed.
 */
const busy = 429;

/** How often a request is sent to a busy API server at most; and the longest pause before the next time, seconds. */
const [attempts, longestPause] = [5, 10];

/** Reads live objects, which a resource of the engine cannot do without declaring them. */
export class ClusterReader {
  private readonly config: Kubeconfig;
  private readonly credentials: Credentials;
  private readonly agents = {
    "http:": new http.Agent({ ...agentOptions, maxSockets: 8 }),
    "https:": new https.Agent({ ...agentOptions, maxSockets: 8 }),
  };

  /** @throws ProgramError if the kubeconfig cannot be read, or lacks the context or its cluster. */
  constructor(args: ReaderArgs) {
    this.config = readConfig(args);
    this.credentials = new Credentials(this.config);
  }

  /**
   * Returns the object or list at a path of the API; undefined if there is none.
   * @throws NoAnswer if the API server is not available.
   * @throws ProgramError if it rejects the request.
   */
  async get<T>(path: string): Promise<T | undefined> {
    const { status, body } = await this.request("GET", path);
    if (status === 404) return undefined;
    if (status !== 200) {
      const text = `The API server at ${this.server} answered ${status} to GET ${path}: ${messageIn(body)}`;
      throw status >= 500 ? new NoAnswer(text) : new ProgramError(text);
    }
    try {
      return JSON.parse(body) as T;
    } catch {
      throw new ProgramError(
        `What answered GET ${path} at ${this.server} is not an API server: ${body.slice(0, 200)}. Check which address the kubeconfig has.`,
      );
    }
  }

  /** Closes the connections. */
  close(): void {
    for (const agent of Object.values(this.agents)) agent.destroy();
  }

  private get server(): string {
    return accessOf(this.config).cluster?.server ?? "";
  }

  /** Returns how requests authenticate, and the authority of the API server. */
  protected access(): Promise<https.RequestOptions> {
    return this.credentials.options();
  }

  /**
   * Sends a request.
   * @param content sent as JSON. Default: nothing.
   * @throws NoAnswer if the API server is not available.
   */
  protected async request(method: string, path: string, content?: object): Promise<Answer> {
    const text = content === undefined ? undefined : JSON.stringify(content);
    try {
      return await this.send(method, path, text);
    } catch (error) {
      throw new NoAnswer(
        `The API server at ${this.server} does not answer to ${method} ${path} (${reasonOf(error)}). ` +
          "Check that the cluster runs and that the kubeconfig names it, and run the command again.",
      );
    }
  }

  private async send(method: string, path: string, text: string | undefined): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      const response = await this.credentials.request((options) =>
        this.open(method, path, text, options),
      );
      const body = await textOf(response);
      const { date, "retry-after": pause = "1" } = response.headers;
      const answer = { status: response.statusCode ?? 0, body };
      if (answer.status !== busy || attempt === attempts) {
        return date === undefined ? answer : { ...answer, date: new Date(date) };
      }
      const seconds = Number(pause);
      await sleep(1000 * (seconds >= 0 ? Math.min(seconds, longestPause) : 1));
    }
  }

  private open(
    method: string,
    path: string,
    text: string | undefined,
    options: https.RequestOptions,
  ): Promise<http.IncomingMessage> {
    // The URL of a server may have a path, for example behind Rancher.
    const url = new URL(`${this.server.replace(/\/$/, "")}${path}`);
    const secure = url.protocol === "https:";
    const own = this.agents[secure ? "https:" : "http:"];
    const proxied = accessOf(this.config).cluster?.proxyUrl !== undefined;
    return new Promise((resolve, reject) => {
      const headers = {
        ...(options.headers as http.OutgoingHttpHeaders | undefined),
        ...(text !== undefined && { "content-type": "application/json" }),
      };
      let response: http.IncomingMessage | undefined;
      const sent = (secure ? https : http).request(
        url,
        { ...options, method, headers, agent: proxied ? options.agent : own },
        (opened) => resolve((response = opened)),
      );
      const late = () => (response ?? sent).destroy(new Error("no answer in time"));
      sent.setTimeout(answerTimeout, late);
      sent.on("error", reject);
      sent.end(text);
    });
  }
}

/**
 * Returns the UID of the namespace `kube-system`, which identifies the cluster. It is read without the engine, because
 * a refresh would report a resource that is only read as drift.
 * @throws ProgramError if the UID cannot be read.
 */
export async function clusterUid(args: ReaderArgs): Promise<string> {
  const reader = new ClusterReader(args);
  try {
    const path = "/api/v1/namespaces/kube-system";
    const namespace = await reader.get<{ metadata: { uid: string } }>(path);
    if (namespace !== undefined) return namespace.metadata.uid;
    throw new ProgramError(
      `Context "${args.context}" points to a server that has no namespace kube-system, which every cluster has. Nothing was changed.`,
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
    const isMissing = (error as NodeJS.ErrnoException).code === "ENOENT";
    const reason = isMissing ? "there is no such file" : reasonOf(error);
    throw new ProgramError(
      `The kubeconfig "${kubeconfig}" cannot be read: ${reason}. Nothing was changed; correct platform:cluster.kubeconfig.`,
    );
  }
}

/** Returns the message of a Status object, or the text itself if it is something else, such as a proxy's error page. */
function messageIn(body: string): string {
  try {
    const { message } = JSON.parse(body || "{}") as { message?: string };
    return message ?? "no reason given";
  } catch {
    return body.slice(0, 200);
  }
}
