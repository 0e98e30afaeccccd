import { existsSync } from "node:fs";
import * as https from "node:https";
import * as http from "node:http";
import { text } from "node:stream/consumers";
import { agentOptions, Credentials } from "../../../cluster/credentials";
import {
  accessOf,
  parseKubeconfig,
  readKubeconfig,
  wholeKubeConfig,
  type Kubeconfig,
} from "../../../cluster/kubeconfig";

/** How the provider connects to its cluster. */
export interface Connection {
  /** Path or content of a kubeconfig. Default: the standard locations. */
  kubeconfig?: string;
  context?: string;
}

/** An error response of the API server. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    /** The body: a Status object, if the server sent one. */
    readonly body: { message?: string; reason?: string; details?: StatusDetails },
  ) {
    super(body.message ?? `the API server answered ${status}`);
  }

  /** Whether the object to create exists already. */
  get exists(): boolean {
    return this.body.reason === "AlreadyExists";
  }
}

/** Field `details` of a Status object. */
export interface StatusDetails {
  causes?: { field?: string; message?: string; reason?: string }[];
}

/** The API server did not respond. */
export class Unreachable extends Error {}

/** Whether the API server is temporarily unavailable: it restarts, or is overloaded. */
export function isAway(error: unknown): boolean {
  return error instanceof Unreachable || (error instanceof ApiError && error.status >= 500);
}

/** A request. */
export interface Request {
  method: "GET" | "PATCH" | "DELETE" | "POST" | "PUT";
  path: string;
  query?: Record<string, string>;
  body?: unknown;
  contentType?: string;
  signal?: AbortSignal;
}

/** Status codes after which the request is repeated a few times. */
const busy = new Set([429, 503]);
const attempts = 5;

/** Client of one API server. */
export class Client {
  private readonly config: Kubeconfig;
  private readonly server: URL;
  private readonly agent: http.Agent;
  private readonly credentials: Credentials;

  /** @throws Error if the kubeconfig cannot be read, or lacks the context. */
  constructor({ kubeconfig, context }: Connection) {
    const config = loadConfig(kubeconfig);
    if (context !== undefined) {
      const known = config.contexts.map(({ name }) => name);
      if (!known.includes(context)) {
        throw new Error(
          `The kubeconfig has no context "${context}"; it has ${known.join(", ") || "none"}.`,
        );
      }
    }
    this.config = context === undefined ? config : { ...config, currentContext: context };
    this.credentials = new Credentials(this.config);
    const { cluster } = accessOf(this.config);
    if (cluster === undefined) {
      throw new Error(
        `The kubeconfig names no cluster for context "${this.config.currentContext}".`,
      );
    }
    this.server = new URL(cluster.server);
    const secure = this.server.protocol === "https:";
    this.agent = new (secure ? https : http).Agent({ ...agentOptions, maxSockets: 32 });
  }

  /** URL of the API server. */
  get address(): string {
    return this.server.origin;
  }

  /** Namespace of the kubeconfig's context. */
  get namespace(): string {
    return accessOf(this.config).namespace ?? "default";
  }

  /**
   * Sends a request and returns the response.
   * @throws ApiError for an error response.
   * @throws Unreachable if there is no response.
   */
  async send<T>(request: Request): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.once<T>(request);
      } catch (error) {
        if (attempt === attempts || !worthAnother(error, request)) throw error;
        await new Promise((resolve) => setTimeout(resolve, 200 * 2 ** attempt));
      }
    }
  }

  /** Sends a request and calls a function for each line of the response until it ends. */
  async lines(request: Request, line: (text: string) => void): Promise<void> {
    const response = await this.respond(request);
    if ((response.statusCode ?? 500) >= 300) throw await refusal(response);
    let rest = "";
    response.setEncoding("utf8");
    for await (const chunk of response as AsyncIterable<string>) {
      const parts = (rest + chunk).split("\n");
      rest = parts.pop() ?? "";
      for (const part of parts) if (part !== "") line(part);
    }
  }

  private async once<T>(request: Request): Promise<T> {
    const response = await this.respond(request);
    if ((response.statusCode ?? 500) >= 300) throw await refusal(response);
    return JSON.parse(await text(response)) as T;
  }

  private respond(request: Request): Promise<http.IncomingMessage> {
    return this.credentials.request((options) => this.open(request, options));
  }

  private open(request: Request, options: https.RequestOptions): Promise<http.IncomingMessage> {
    const { method, path, query, body, contentType, signal } = request;
    const payload = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const sent = (this.server.protocol === "https:" ? https : http).request(
        new URL(`${path}?${new URLSearchParams(query).toString()}`, this.server),
        {
          ...options,
          method,
          agent: this.agent,
          signal,
          headers: {
            ...options.headers,
            accept: "application/json",
            ...(payload === undefined
              ? {}
              : { "content-type": contentType, "content-length": Buffer.byteLength(payload) }),
          },
        },
        resolve,
      );
      sent.on("error", (error: NodeJS.ErrnoException) =>
        reject(
          signal?.aborted === true
            ? (signal.reason as Error)
            : new Unreachable(unreachable(this.address, error)),
        ),
      );
      sent.end(payload);
    });
  }
}

/** After a lost response, the request may have been executed; after a refused connection, it was not. */
function unreachable(address: string, { code, message }: NodeJS.ErrnoException): string {
  const lost = code === "ECONNRESET" || code === "EPIPE";
  const what = lost
    ? "The connection broke before it answered"
    : "Check that the cluster runs and that the kubeconfig names it";
  return `The API server at ${address} cannot be reached (${code ?? message}). ${what}; when it answers, run the command again: it continues where it stopped.`;
}

function loadConfig(kubeconfig: string | undefined): Kubeconfig {
  try {
    if (kubeconfig === undefined) return usualConfig();
    if (existsSync(kubeconfig)) return readKubeconfig(kubeconfig);
    if (kubeconfig.includes("\n") || kubeconfig.trimStart().startsWith("{")) {
      return parseKubeconfig(kubeconfig);
    }
    throw new Error("there is no such file");
  } catch (error) {
    const what = kubeconfig?.includes("\n") === true ? "given" : `"${kubeconfig ?? "default"}"`;
    throw new Error(`The kubeconfig ${what} cannot be read: ${(error as Error).message}.`, {
      cause: error,
    });
  }
}

function usualConfig(): Kubeconfig {
  const config = wholeKubeConfig();
  config.loadFromDefault();
  return config;
}

function worthAnother(error: unknown, { method }: Request): boolean {
  if (error instanceof ApiError) return busy.has(error.status);
  // A refused connection was never served. A broken one may have been, so only reads are repeated.
  return error instanceof Unreachable && method === "GET" && error.message.includes("ECONNRESET");
}

async function refusal(response: http.IncomingMessage): Promise<ApiError> {
  const body = await text(response);
  const status = response.statusCode ?? 500;
  try {
    return new ApiError(status, JSON.parse(body) as ApiError["body"]);
  } catch {
    return new ApiError(status, { message: body.slice(0, 500) || undefined });
  }
}
