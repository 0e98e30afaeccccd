import { Agent } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Answers } from "./load";
import { send, type Target } from "./send";

/** Milliseconds between two checks of how many requests are due. */
const tick = 20;

/**
 * Largest number of late requests that are sent at once; more would be a burst, and are omitted. At 100 a second, a
 * process of a busy machine that gets the CPU every tenth of a second omits none.
 */
const maxAtOnce = 10;

/**
 * A load with a fixed rate, independent of response times: unlike workers that wait for each response, it does not slow
 * down with the server.
 */
export class OpenLoad {
  readonly answers: Answers = { total: 0, failed: [], byRelease: {} };
  /** Requests that were due but not sent, because this process got no CPU time. */
  omitted = 0;
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 100 });
  private readonly open = new Set<Promise<void>>();
  private stopping = false;
  private readonly running: Promise<void>;

  /** @param limit largest number of requests in total. */
  constructor(
    private readonly target: Target,
    /** Requests per second; can be changed while it runs. */
    public rate: number,
    private readonly limit = 100_000,
  ) {
    this.running = this.run();
  }

  /** Resets the counted responses. */
  reset(): void {
    Object.assign(this.answers, { total: 0, failed: [], byRelease: {} });
    this.omitted = 0;
  }

  /** Stops sending, and waits for open responses. */
  async stop(): Promise<Answers> {
    this.stopping = true;
    await this.running;
    await Promise.all(this.open);
    this.agent.destroy();
    return this.answers;
  }

  private async run(): Promise<void> {
    let due = 0;
    let sent = 0;
    let last = Date.now();
    while (!this.stopping) {
      await sleep(tick);
      const now = Date.now();
      due += ((now - last) / 1000) * this.rate;
      last = now;
      for (let count = 0; due >= 1 && count < maxAtOnce && sent < this.limit; count += 1) {
        due -= 1;
        sent += 1;
        const answer = this.ask().finally(() => this.open.delete(answer));
        this.open.add(answer);
      }
      this.omitted += Math.floor(due);
      due %= 1;
    }
  }

  private async ask(): Promise<void> {
    const { status, body } = await send(this.target, this.agent);
    this.answers.total += 1;
    if (status === 200) {
      this.answers.byRelease[body] = (this.answers.byRelease[body] ?? 0) + 1;
    } else {
      this.answers.failed.push(`${new Date().toISOString()} ${status} ${body.slice(0, 100)}`);
    }
  }
}
