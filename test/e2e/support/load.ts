import { Agent } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../../support/until";
import { send, type Target } from "./send";

/** Responses to a load, counted. */
export interface Answers {
  total: number;
  /** Requests without a response, or with another status than 200, with the reason. */
  failed: string[];
  /** Number of responses by release. */
  byRelease: Record<string, number>;
}

/** Pauses of a worker between two requests, milliseconds, so that the load does not use the whole machine. */
export const pauses = {
  /** Four workers send up to 1,000 requests a second. */
  short: 3,
  /** Four workers send some 100 requests a second. For a load of several minutes. */
  long: 35,
  /** Four workers send some 50 requests a second. For a load whose requests are only measured. */
  measured: 75,
};

/** Sends `count` requests with a few workers, and counts the responses. */
export async function ask(target: Target, count: number, workers = 4): Promise<Answers> {
  const load = new Load(target, workers, count);
  return load.finished;
}

/**
 * A constant load from several workers, until it is stopped or `limit` requests are done. Each worker pauses for `pause`
 * milliseconds between two requests.
 */
export class Load {
  /** Responses so far. */
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
    private readonly pause = pauses.short,
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: workers });
    this.finished = Promise.all(Array.from({ length: workers }, () => this.work())).then(() => {
      this.agent.destroy();
      return this.answers;
    });
  }

  /** Waits for open requests, and returns all responses. */
  stop(): Promise<Answers> {
    this.stopping = true;
    return this.finished;
  }

  private async work(): Promise<void> {
    while (!this.stopping && this.started < this.limit) {
      this.started += 1;
      const { status, body } = await send(this.target, this.agent);
      this.answers.total += 1;
      await sleep(this.pause);
      if (status !== 200) {
        this.answers.failed.push(`${new Date().toISOString()} ${status} ${body.slice(0, 100)}`);
        continue;
      }
      this.answers.byRelease[body] = (this.answers.byRelease[body] ?? 0) + 1;
    }
  }
}

/** Number of requests that tell one split from another: of a tenth, that all of them miss is almost impossible. */
const sample = 200;

/**
 * Waits until the answers of the gateway are split like that. It serves a change of the API server some seconds later, on
 * a busy machine after more.
 * @param shares share of each release that answers, from 0 to 1.
 */
export async function untilServed(target: Target, shares: Record<string, number>): Promise<void> {
  const look = async () => isSplit(await ask(target, sample), shares);
  await until(`the gateway serves ${JSON.stringify(shares)}`, 60, look, 200);
}

/** Whether all requests were answered, each release has its share within the binomial bounds, and no other has one. */
export function isSplit(answers: Answers, shares: Record<string, number>): boolean {
  const { total, failed, byRelease } = answers;
  return (
    failed.length === 0 &&
    Object.keys(byRelease).every((release) => release in shares) &&
    Object.entries(shares).every(([release, share]) => {
      const [low, high] = binomialBounds(total, share);
      const found = byRelease[release] ?? 0;
      return found >= low && found <= high;
    })
  );
}

/**
 * Returns bounds for the number of responses that a share of `probability` gets out of `count` requests, with a
 * confidence of 99.9%: the normal approximation of the binomial distribution, z = 3.29 for both sides together.
 */
export function binomialBounds(count: number, probability: number): [low: number, high: number] {
  const mean = count * probability;
  const deviation = 3.29 * Math.sqrt(count * probability * (1 - probability));
  return [mean - deviation, mean + deviation];
}
