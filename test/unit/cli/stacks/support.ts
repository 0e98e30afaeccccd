import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { discover, type StackEntry } from "../../../../cli/stacks/discover";
import type { Ended, Engine, Verb } from "../../../../engine/runs";
import type { Outcome } from "../../../../cli/stacks/outcome";
import { runStacks, type RunOptions } from "../../../../cli/stacks/run";

/** What the engine prints at the end of an update. */
export const updated = "Resources:\n    ~ 1 updated\n    16 unchanged\n\nDuration: 2s\n";
/** The same where there was nothing to do. */
export const unchanged = "Resources:\n    17 unchanged\n\nDuration: 1s\n";

/** A project's folder with stacks' files, and an engine that answers as it is told. */
export class World {
  readonly folder = mkdtempSync(join(tmpdir(), "stacks-"));
  /** What was run, in the order in which it was started. */
  readonly runs: string[] = [];
  /** How each stack's run ends; well, and with a change, where nothing is said. */
  readonly endings = new Map<string, Partial<Ended> & { until?: Promise<void> }>();
  /** When each stack was last updated. */
  readonly times = new Map<string, string | undefined>();
  /** Outputs by the stack's full name. */
  readonly outputs = new Map<string, Record<string, unknown>>();
  /** Most stacks that ran at a time. */
  most = 0;
  private running = 0;

  /** Writes a stack's file, and lets the backend know the stack. */
  stack(name: string, config: object = {}): void {
    this.file(name, stringify({ config }, { compat: "yaml-1.1" }));
    if (!this.times.has(name)) this.times.set(name, undefined);
  }

  /** Writes any text as a stack's file. */
  file(name: string, text: string): void {
    writeFileSync(join(this.folder, `Pulumi.${name}.yaml`), text);
  }

  entries(filter?: string): StackEntry[] {
    return discover(this.folder, filter);
  }

  /** Runs all stacks; the result is text by stack, for example `succeeded: 1 updated`. */
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
