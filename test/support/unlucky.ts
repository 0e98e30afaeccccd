import fc from "fast-check";
import { setTimeout as sleep } from "node:timers/promises";
import { waitForEnd, killTree } from "./kill-tree";
import type { Ended, TestStack } from "./project";
import type { UpdateProcess } from "./update-process";
import { seedOf } from "./seed";

/** Number of killed updates. */
export const kills = Number(process.env.UNLUCKY_KILLS ?? 20);

/** Seed of the random changes and moments; a failure prints it, so that it can be used again. */
export const seed = seedOf("UNLUCKY_SEED");

/** Domain of the stack's apps. */
export const domain = "unlucky.platform.test";

/** Namespace of its team. */
export const namespace = "commerce-dev";

type App = Record<string, unknown>;

/** An update that is killed. */
export interface KilledUpdate {
  apps: Record<string, App>;
  /** When it is killed: percentage of the steps of an ordinary update. */
  progress: number;
  /** Additional delay after that step, milliseconds. */
  delay: number;
  /** Whether the state is recovered according to the runbook before the next update, or the update is only canceled. */
  recovers: boolean;
}

/** Enough versions that a leftover of an update is rarely reused under its name. */
const version = fc.nat(30).map((minor) => `1.${minor}.0`);

function app(name: string): fc.Arbitrary<App> {
  const choice = fc.record({
    stable: version,
    canary: fc.option(fc.record({ version, weight: fc.integer({ min: 0, max: 100 }) })),
    currency: fc.constantFrom("CHF", "EUR", "GBP", "JPY", "USD"),
    level: fc.constantFrom("info", "debug"),
  });
  return choice.map(({ stable, canary, currency, level }) => ({
    team: "commerce",
    domain: `${name}.${domain}`,
    image: `harbor.${domain}/${name}/${name}`,
    env: { LOG_LEVEL: level },
    configFiles: { [`/etc/${name}/${name}.yaml`]: `currency: ${currency}\n` },
    scaling: { min: 2, max: 3 },
    stable: { version: stable },
    ...(canary !== null && canary.version !== stable ? { canary } : {}),
  }));
}

/** Returns updates in which apps are added and removed, and change their versions, weights and files. */
export function killedUpdates(): KilledUpdate[] {
  const turn = fc.record({
    shop: app("shop"),
    news: app("news"),
    blog: fc.option(app("blog")),
    progress: fc.nat(100),
    delay: fc.nat(400),
    recovers: fc.boolean(),
  });
  return fc
    .sample(fc.noBias(turn), { numRuns: kills, seed })
    .map(({ shop, news, blog, ...rest }) => ({
      apps: { shop, news, ...(blog === null ? {} : { blog }) },
      ...rest,
    }));
}

/** Enough for leftovers until an update completes. */
const quota = { cpu: "1000", memory: "2000Gi", pods: 2000 };

/** Reduces a stack to a gateway, a team, generated passwords, and apps. */
export function small(stack: TestStack, apps: Record<string, App>): void {
  stack.edit((config) => {
    const { gateway, artifacts } = config["platform:components"] as Record<string, object>;
    const cluster = config["platform:cluster"];
    for (const key of Object.keys(config)) delete config[key];
    Object.assign(config, {
      "platform:cluster": cluster,
      "platform:environment": "dev",
      "platform:domain": domain,
      "platform:releases": {
        forcedCanary: false,
        soak: "0s",
        checkRequired: false,
        secondRelease: "supersede",
      },
      "platform:components": { tenancy: { teams: { commerce: { quota } } }, gateway, artifacts },
      "platform:apps": apps,
    });
  });
}

/** A step in the engine's output: one line at its begin, one at its end. */
const step = / (creat|updat|delet|replac)(ing|ed) \(/g;

/** An update in the background. */
export class RunningUpdate {
  /** Process ID of the engine. */
  readonly id: number;
  /** Its result. */
  readonly ended: Promise<Ended>;
  private output = "";
  private over = false;

  private constructor(process_: UpdateProcess) {
    this.id = process_.pid ?? 0;
    for (const stream of [process_.stdout, process_.stderr]) {
      stream.on("data", (data: Buffer) => (this.output += data.toString()));
    }
    this.ended = new Promise((resolve) => {
      process_.on("close", (code) => {
        this.over = true;
        resolve({ code, output: this.output });
      });
    });
  }

  /** Starts an update, and waits until it has the stack's lock. */
  static async start(stack: TestStack): Promise<RunningUpdate> {
    const update = new RunningUpdate(stack.startUp());
    await stack.waitForLock();
    return update;
  }

  /** Waits until it has printed a number of steps, or has ended; returns whether it still runs. */
  async waitForSteps(steps: number): Promise<boolean> {
    while (!this.over && (this.output.match(step)?.length ?? 0) < steps) await sleep(10);
    return !this.over;
  }

  /** Kills it with all of its children after a number of steps and a delay; returns whether it still ran. */
  async killAt(steps: number, delay: number): Promise<boolean> {
    await this.waitForSteps(steps);
    await sleep(delay);
    if (this.over) return false;
    await waitForEnd(killTree(this.id));
    return true;
  }
}
