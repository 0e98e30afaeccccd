import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** Answers to a load, counted. */
export interface Answers {
  total: number;
  /** Requests with another status than 200, or none; each with what happened. */
  failed: string[];
  /** Answers by the release that gave them. */
  byRelease: Record<string, number>;
}

/** What is asked, and of whom. */
export interface Target {
  /** Address of the gateway's pod, and its port. */
  address: string;
  port: number;
  /** Host name that is asked for. */
  host: string;
  /** Path with its query; `/` without it. */
  path?: string;
  headers?: Record<string, string>;
}

/** Pause of a worker between two requests, milliseconds: a load that leaves the machine to others. */
const pause = 3;

/** Longest that one request may take, milliseconds. */
const timeout = 10_000;

/** Sends `count` requests, a few at a time, and counts the answers. */
export async function ask(target: Target, count: number, workers = 4): Promise<Answers> {
  const load = new Load(target, workers, count);
  return load.finished;
}

/** A constant load from a number of workers, until stopped or until `limit` requests are answered. */
export class Load {
  /** Answers so far. */
  readonly answers: Answers = { total: 0, failed: [], byRelease: {} };
  /** Resolves when the last worker has ended. */
  readonly finished: Promise<Answers>;
  private readonly agent: Agent;
  private started = 0;
  private stopping = false;

  constructor(
    private readonly target: Target,
    workers = 4,
    private readonly limit = 500_000,
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: workers });
    this.finished = Promise.all(Array.from({ length: workers }, () => this.work())).then(() => {
      this.agent.destroy();
      return this.answers;
    });
  }

  /** Lets the requests under way end, and tells what came of all. */
  stop(): Promise<Answers> {
    this.stopping = true;
    return this.finished;
  }

  private async work(): Promise<void> {
    while (!this.stopping && this.started < this.limit) {
      this.started += 1;
      const { status, body } = await this.send();
      this.answers.total += 1;
      await sleep(pause);
      if (status !== 200) {
        this.answers.failed.push(`${new Date().toISOString()} ${status} ${body.slice(0, 100)}`);
        continue;
      }
      this.answers.byRelease[body] = (this.answers.byRelease[body] ?? 0) + 1;
    }
  }

  private send(): Promise<{ status: number | string; body: string }> {
    const { address, port, host, path = "/", headers } = this.target;
    return new Promise((resolve) => {
      const sent = request(
        {
          host: address,
          port,
          path,
          agent: this.agent,
          timeout,
          headers: { host, ...headers },
        },
        (response) => {
          let body = "";
          response.setEncoding("utf8");
          response.on("data", (text: string) => (body += text));
          response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
          response.on("error", (error) => resolve({ status: "broken", body: error.message }));
        },
      );
      sent.on("timeout", () => sent.destroy(new Error("no answer in time")));
      sent.on("error", (error) => resolve({ status: "error", body: error.message }));
      sent.end();
    });
  }
}

/**
 * The most and the fewest answers that a share of `probability` gives in `count` requests, 99.9% of
 * the time: the normal approximation of the binomial distribution, z = 3.29 for both sides together.
 */
export function binomialBounds(count: number, probability: number): [low: number, high: number] {
  const mean = count * probability;
  const deviation = 3.29 * Math.sqrt(count * probability * (1 - probability));
  return [mean - deviation, mean + deviation];
}
