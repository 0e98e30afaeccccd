import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dependencyOf, platformStackOf, type StackEntry } from "./discover";
import type { Engine, Verb } from "../../engine/runs";
import { inputsHash } from "./inputs";
import { Memory } from "./memory";
import { noChanges, read, type Outcome } from "./outcome";
import { workers } from "./workers";

/** How many stacks are run, and which are not. */
export interface RunOptions {
  verb: Verb;
  /** Whether stacks are left out whose inputs are those of their last successful run. */
  changed: boolean;
  /** How many stacks run at a time. */
  parallel: number;
  /** Hash of the program. */
  program: string;
  /** Whether files of stacks lie where the engine does not look for them by itself. */
  namedFiles: boolean;
  /** Folder for logs, and for what is remembered. */
  folder: string;
  engine: Engine;
  /** Told when a stack is done. */
  onDone: (outcome: Outcome) => void;
  /** Whether no further stack is to be started. */
  stopped?: () => boolean;
}

/** Runs many stacks, each after its platform stack; none is stopped by another's failure. */
export async function runStacks(entries: StackEntry[], options: RunOptions): Promise<Outcome[]> {
  const { engine, onDone } = options;
  const memory = new Memory(options.folder);
  const before = await engine.lastUpdates();
  const platforms = new PlatformOutputs(engine);
  const proven = new Map<string, { inputs: string; from: number; to: number }>();

  const outcomes = await workers(
    entries,
    options.parallel,
    (entry) => dependencyOf(entry, entries),
    async (entry) => {
      const from = Date.now();
      const { inputs, ...result } = await one(entry);
      const to = Date.now();
      const outcome = { stack: entry.name, seconds: (to - from) / 1000, ...result };
      if (inputs !== undefined) proven.set(entry.name, { inputs, from, to });
      onDone(outcome);
      return outcome;
    },
  );
  await remember();
  return outcomes;

  async function one(
    entry: StackEntry,
  ): Promise<Pick<Outcome, "status" | "text"> & { inputs?: string }> {
    const { name, file, config, error } = entry;
    if (options.stopped?.() === true) return { status: "skipped", text: "stopped before its turn" };
    if (error !== undefined) return { status: "failed", text: error };
    if (!before.has(name)) return { status: "failed", text: unknownStack(name) };
    const platform = await platforms.of(entry);
    const inputs = platform.known ? inputsHash(config, options.program, platform.value) : undefined;
    if (options.changed && inputs !== undefined && memory.matches(name, inputs, before.get(name))) {
      return { status: "skipped", text: "unchanged" };
    }
    const ended = await engine.run(options.verb, name, options.namedFiles ? file : undefined);
    writeLog(options.folder, name, ended.output);
    const result = read(name, ended);
    // A preview proves a stack to be up to date only where it has nothing to change.
    const proves =
      result.status === "succeeded" && (options.verb === "up" || result.text === noChanges);
    return { ...result, inputs: proves ? inputs : undefined };
  }

  /** Notes the runs that were the last ones of their stacks; of others it is not known what is there. */
  async function remember(): Promise<void> {
    if (proven.size === 0) return;
    const after = await engine.lastUpdates();
    for (const [stack, { inputs, from, to }] of proven) {
      const lastUpdate = after.get(stack);
      if (lastUpdate === undefined) continue;
      const at = Date.parse(lastUpdate);
      // The backend's times have no fractions of a second in some places.
      const own = options.verb === "up" && at >= from - 1000 && at <= to + 1000;
      if (own || lastUpdate === before.get(stack)) memory.write(stack, { inputs, lastUpdate });
    }
  }
}

/** Path of the log of a stack's last run. */
export function logFile(folder: string, stack: string): string {
  return join(folder, `${stack}.log`);
}

/** What platform stacks have for others, each asked once, and not before it is up to date itself. */
class PlatformOutputs {
  private readonly asked = new Map<string, Promise<Record<string, unknown> | undefined>>();

  constructor(private readonly engine: Engine) {}

  async of(entry: StackEntry): Promise<{ known: boolean; value?: unknown }> {
    const name = platformStackOf(entry);
    if (name === undefined) return { known: true };
    const answer = this.asked.get(name) ?? this.engine.outputs(name);
    this.asked.set(name, answer);
    const outputs = await answer;
    // The program says what is wrong with a platform stack that cannot be read.
    return outputs === undefined ? { known: false } : { known: true, value: outputs["platform"] };
  }
}

function unknownStack(stack: string): string {
  return `the backend has no stack ${stack} yet; make it with: pulumi stack init --no-select ${stack}`;
}

function writeLog(folder: string, stack: string, output: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(logFile(folder, stack), output);
}
