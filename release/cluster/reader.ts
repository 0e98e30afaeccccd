import * as http from "node:http";
import * as https from "node:https";
import { ProgramError } from "../../config";
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
const answerTimeout = 15_000;

/** Reads objects as they are now, which no resource of the engine can do without declaring them. */
export class ClusterReader {
  private readonly config: Kubeconfig;
  private options?: Promise<https.RequestOptions>;
  private readonly agents = {
    "http:": new http.Agent({ keepAlive: true, maxSockets: 8 }),
    "https:": new https.Agent({ keepAlive: true, maxSockets: 8 }),
  };

  constructor(args: ReaderArgs) {
    this.config = { ...readKubeconfig(args.kubeconfig), currentContext: args.context };
  }

  /**
   * The object, or the list, at a path of the API; nothing when there is none.
   * @throws NoAnswer when the API server is away, ProgramError when it refuses.
   */
  async get<T>(path: string): Promise<T | undefined> {
    const { status, body } = await this.ask(path).catch((error: unknown) => {
      throw new NoAnswer(
        `The API server does not answer to GET ${path} (${error instanceof Error ? error.message : String(error)}); run the command again when it does.`,
      );
    });
    if (status === 404) return undefined;
    if (status !== 200) {
      const text = `The API server answered ${status} to GET ${path}: ${reasonIn(body)}`;
      throw status >= 500 ? new NoAnswer(text) : new ProgramError(text);
    }
    try {
      return JSON.parse(body) as T;
    } catch {
      throw new ProgramError(
        `What answered GET ${path} is no API server: ${body.slice(0, 200)}. Check where the kubeconfig leads.`,
      );
    }
  }

  /** Lets go of its connections. */
  close(): void {
    for (const agent of Object.values(this.agents)) agent.destroy();
  }

  private async ask(path: string): Promise<{ status: number; body: string }> {
    this.options ??= authentication(this.config);
    const options = await this.options;
    const url = new URL(path, accessOf(this.config).cluster?.server);
    const secure = url.protocol === "https:";
    return new Promise((resolve, reject) => {
      const sent = (secure ? https : http).get(
        url,
        { ...options, agent: this.agents[secure ? "https:" : "http:"] },
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

/** Why the API server refused; what stands before it may answer in a form of its own. */
function reasonIn(body: string): string {
  try {
    return (JSON.parse(body) as { message?: string }).message ?? "no reason given";
  } catch {
    return body.slice(0, 200) || "no reason given";
  }
}
