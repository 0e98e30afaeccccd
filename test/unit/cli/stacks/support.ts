import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { discover, type StackEntry } from "../../../../cli/stacks/discover";
import type { Ended, Engine, Verb } from "../../../../engine/runs";
import type { Outcome } from "../../../../cli/stacks/outcome";
import { runStacks, type RunOptions } from "../../../../cli/stacks/run";

/** Output of the engine at the end of an update. */
export const updated = "Resources:\n    ~ 1 updated\n    16 unchanged\n\nDuration: 2s\n";
/** The same without changes. */
export const unchanged = "Resources:\n    17 unchanged\n\nDuration: 1s\n";

/** A project folder with stack files, and a simulated engine. */
export class World {
  readonly folder = mkdtempSync(join(tmpdir(), "stacks-"));
  /** Runs in the order in which they were started. */
  readonly runs: string[] = [];
  /** Result of each stack's run. Default: success with one change. */
  readonly endings = new Map<string, Partial<Ended> & { until?: Promise<void> }>();
  /** Time of the last update of each stack. */
  readonly times = new Map<string, string | undefined>();
  /** Outputs by the stack's full name. */
  readonly outputs = new Map<string, Record<string, unknown>>();
  /** Largest number of stacks that ran at the same time. */
  most = 0;
  private running = 0;

  /** Writes a stack's file, and adds the stack to the backend. */
  stack(name: string, config: object = {}): void {
    this.file(name, stringify({ config }, { compat: "yaml-1.1" }));
    if (!this.times.has(name)) this.times.set(name, undefined);
  }

  /** Writes a stack file with any text. */
  file(name: string, text: string): void {
    writeFileSync(join(this.folder, `Pulumi.${name}.yaml`), text);
  }

  entries(filter?: string): StackEntry[] {
    return discover(this.folder, filter);
  }

  /** Runs all stacks; returns a text by stack, for example `succeeded: 1 updated`. */
  async run(options: Partial<RunOptions> = {}): Promise<Record<string, string>> {
    const outcomes = await this.outcomes(options);
    return Object.fromEntries(
      outcomes.map(({ stack, status, text }) => [stack, `${status}: ${text}`]),
    );
  }

  outcomes(options: Partial<RunOptions> = {}): Promise<Outcome[]> {
    return runStacks(this.entries(), {
      verb: "up",
      changed: false,
      parallel: 2,
      program: "program",
      namedFiles: false,
      folder: join(this.folder, "memory"),
      engine: this.engine(),
      onDone: () => undefined,
      ...options,
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  private engine(): Engine {
    return {
      run: (verb, stack) => this.start(verb, stack),
      lastUpdates: () => Promise.resolve(new Map(this.times)),
      outputs: (stack) => Promise.resolve(this.outputs.get(stack)),
    };
  }

  private async start(verb: Verb, stack: string): Promise<Ended> {
    this.runs.push(`${verb} ${stack}`);
    this.running += 1;
    this.most = Math.max(this.most, this.running);
    const { until, ...ending } = this.endings.get(stack) ?? {};
    await (until ?? new Promise((resolve) => setTimeout(resolve, 5)));
    this.running -= 1;
    const ended = { code: 0, stdout: "", output: updated, ...ending };
    if (verb === "up" && ended.code === 0) this.times.set(stack, new Date().toISOString());
    return ended;
  }
}
