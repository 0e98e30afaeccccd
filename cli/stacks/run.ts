import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { reasonOf } from "../../config/reason";
import { appsOf, platformStackOf, type StackEntry } from "./discover";
import type { Engine, Verb } from "../../engine/runs";
import type { withStackEvents } from "../events/of-stacks";
import { Outputs } from "../fleet/records";
import { objectionOf, repeatedText } from "../release/repeat";
import type { RepeatChecksOf } from "./checks";
import { changedDeclarations, recordsAlike, type Declare } from "./declared";
import { packagesChecksum } from "./package-files";
import { hashedConfig, inputsHash } from "./inputs";
import { Memory } from "./memory";
import { needsOf } from "./needs";
import { noChanges, read, type Outcome } from "./outcome";
import { runJobs } from "./workers";

/** Options for running stacks. */
export interface RunOptions {
  verb: Verb;
  /** Whether to skip stacks whose inputs are the same as in their last successful run. */
  changed: boolean;
  /** How many stacks run at a time. */
  parallel: number;
  /** Hash of the program. */
  program: string;
  /** Whether the stack files are outside of the folder that the engine searches. */
  namedFiles: boolean;
  /** Folder for logs and notes about updates. */
  folder: string;
  engine: Engine;
  /** Declares a stack without an engine. Without it, only the hashes of inputs show which stacks changed. */
  declare?: Declare;
  /** Repeats the checks of canaries before a stack is run; without it, the config is believed. */
  checks?: RepeatChecksOf;
  /** Runs an update and sends its events; without it, none are sent. */
  events?: typeof withStackEvents;
  /** Called with the stacks in the backend that have no file. */
  onFileless?: (stacks: string[]) => void;
  /** Called when a stack is finished. */
  onDone: (outcome: Outcome) => void;
  /** Returns whether no further stack may be started. */
  stopped?: () => boolean;
}

/** Runs many stacks, each after those that it needs. A failure of one stops no other. */
export async function runStacks(entries: StackEntry[], options: RunOptions): Promise<Outcome[]> {
  const { engine, onDone } = options;
  const memory = new Memory(options.folder);
  const before = await engine.lastUpdates();
  const named = new Set(entries.map(({ name }) => name));
  const fileless = [...before.keys()].filter((stack) => !named.has(stack));
  if (fileless.length > 0) options.onFileless?.(fileless);
  const platforms = new PlatformOutputs(engine);
  const kept = new Outputs(options.folder, engine);
  const proven = new Map<string, { entry: StackEntry; inputs: string; from: number; to: number }>();

  const needs = needsOf(entries);
  const outcomes = await runJobs(
    entries,
    options.parallel,
    (entry) => needs.get(entry) ?? [],
    async (entry) => {
      const from = Date.now();
      const { inputs, ...result } = await one(entry);
      const to = Date.now();
      const outcome = { stack: entry.name, seconds: (to - from) / 1000, ...result };
      if (inputs !== undefined) proven.set(entry.name, { entry, inputs, from, to });
      onDone(outcome);
      return outcome;
    },
  );
  await remember();
  return outcomes;

  async function one(
    entry: StackEntry,
  ): Promise<Omit<Outcome, "stack" | "seconds"> & { inputs?: string }> {
    const { name, file, error } = entry;
    if (options.stopped?.() === true) return { status: "skipped", text: "stopped before its turn" };
    if (error !== undefined) return { status: "failed", text: error };
    if (!before.has(name)) return { status: "failed", text: unknownStack(name) };
    const platform = await platforms.of(entry);
    const inputs = platform.known
      ? inputsHash(hashedConfig(entry), options.program, platform.value, packagesChecksum(entry))
      : undefined;
    if (options.changed && inputs !== undefined && memory.matches(name, inputs, before.get(name))) {
      return { status: "skipped", text: "unchanged" };
    }
    const differences =
      inputs === undefined ? undefined : await compareDeclarations(entry, inputs, platform.value);
    if (differences?.length === 0)
      return { status: "skipped", text: "declares the same as before" };
    const checks = await repeatChecks(entry, platform.value);
    if (checks.objection !== undefined) {
      writeLog(options.folder, name, `${checks.objection}\n`);
      return { status: "failed", text: checks.objection };
    }
    const run = () => engine.run(options.verb, name, options.namedFiles ? file : undefined);
    const telling = options.verb === "up" ? options.events : undefined;
    const ended = await (telling === undefined ? run() : telling(entry, engine, run));
    writeLog(options.folder, name, ended.output);
    const result = read(name, ended);
    // A preview proves that a stack is up to date only if it has no changes.
    const proves =
      result.status === "succeeded" && (options.verb === "up" || result.text === noChanges);
    return {
      ...result,
      ...(differences === undefined ? {} : { declared: differences }),
      ...(checks.texts.length > 0 && { checks: checks.texts }),
      inputs: proves ? inputs : undefined,
    };
  }

  /**
   * Repeats the checks of canaries that the run relies on. Before its first update, a stack has no canary.
   * @returns the results, a sentence each, and why the stack is not run, if so.
   */
  async function repeatChecks(
    entry: StackEntry,
    platform: unknown,
  ): Promise<{ texts: string[]; objection?: string }> {
    const lastUpdate = before.get(entry.name);
    if (options.checks === undefined || lastUpdate === undefined || appsOf(entry).length === 0) {
      return { texts: [] };
    }
    try {
      const outputs = await kept.of(entry.name, lastUpdate);
      if (outputs === undefined) return { texts: [] };
      const checks = await options.checks(entry, { outputs, platform }, engine);
      return { texts: checks.map(repeatedText), objection: objectionOf(checks, entry.name) };
    } catch (error) {
      const reason = reasonOf(error);
      return { texts: [], objection: `the checks of canaries were not repeated: ${reason}` };
    }
  }

  /**
   * Returns what a stack declares differently from its last successful run; undefined if that is unknown. If
   * nothing is different, its current inputs are stored as those of that run.
   */
  async function compareDeclarations(
    entry: StackEntry,
    inputs: string,
    platform: unknown,
  ): Promise<string[] | undefined> {
    const lastUpdate = before.get(entry.name);
    const known = memory.of(entry.name, lastUpdate);
    if (!options.changed || known?.declared === undefined || lastUpdate === undefined)
      return undefined;
    const outputs = await kept.of(entry.name, lastUpdate);
    const now = outputs && (await options.declare?.(entry, { outputs, platform }));
    if (now === undefined) return undefined;
    const differences = changedDeclarations(known.declared, now);
    if (differences.length === 0) memory.write(entry.name, { ...known, inputs });
    return differences;
  }

  /** Stores the runs that were the last ones of their stacks. For others, the current state is not known. */
  async function remember(): Promise<void> {
    if (proven.size === 0) return;
    const after = await engine.lastUpdates();
    const all = [...proven];
    await runJobs(
      all,
      options.parallel,
      () => [],
      async ([stack, run]) => {
        const { entry, inputs, from, to } = run;
        const lastUpdate = after.get(stack);
        if (lastUpdate === undefined) return;
        const at = Date.parse(lastUpdate);
        // The backend's times have no fractions of a second in some places.
        const own = options.verb === "up" && at >= from - 1000 && at <= to + 1000;
        if (!own && lastUpdate !== before.get(stack)) return;
        const outputs = options.declare && (await kept.of(stack, lastUpdate));
        const { value: platform } = await platforms.of(entry);
        const declared = outputs && (await options.declare?.(entry, { outputs, platform }));
        // A preview does not show changes that an update would only record.
        const unrecorded = outputs && declared && !recordsAlike(outputs, declared);
        if (options.verb === "preview" && options.declare && unrecorded !== false) return;
        memory.write(stack, { inputs, lastUpdate, ...(declared && { declared }) });
      },
    );
  }
}

/** Returns the path of the log of a stack's last run. */
export function logFile(folder: string, stack: string): string {
  return join(folder, `${stack}.log`);
}

/**
 * Outputs of platform stacks for other stacks, each read once, and only after the platform stack is up to date.
 */
class PlatformOutputs {
  private readonly asked = new Map<string, Promise<Record<string, unknown> | undefined>>();

  constructor(private readonly engine: Engine) {}

  async of(entry: StackEntry): Promise<{ known: boolean; value?: unknown }> {
    const name = platformStackOf(entry);
    if (name === undefined) return { known: true };
    const answer = this.asked.get(name) ?? this.engine.outputs(name);
    this.asked.set(name, answer);
    const outputs = await answer;
    // The program reports the error of a platform stack that cannot be read.
    return outputs === undefined ? { known: false } : { known: true, value: outputs["platform"] };
  }
}

function unknownStack(stack: string): string {
  return `the backend has no stack ${stack} yet; create it with: pulumi stack init --no-select ${stack}`;
}

function writeLog(folder: string, stack: string, output: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(logFile(folder, stack), output);
}
