import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { createInterface } from "node:readline";
import { stripVTControlCharacters } from "node:util";
import { adviceOn } from "./advice";
import { engineVariables, notStarted } from "./environment";
import { lockText } from "./lock";
import { runEngine } from "./process";
import { Progress } from "./progress";
import type { State } from "./state";

/** A stack, as the engine needs it. */
export interface Target {
  stack: string;
  /** Path of the stack's config. Default: Pulumi.<stack>.yaml in the project folder. */
  configFile?: string;
}

/**
 * Result of a command of the engine. `locked` means that another update of the stack is running; `stopped`, that a
 * signal asked this process to stop before the command had succeeded.
 */
export type Ended = "succeeded" | "failed" | "locked" | "stopped";

/** Seconds between two summaries of progress. */
const interval = 10;

/** Options of an update. */
interface UpdateOptions {
  /** Whether to read each object from the cluster first, with the program's own provider. Default: false. */
  refresh?: boolean;
  /** URNs of resources that do not change. Default: none. */
  exclude?: readonly string[];
}

/** Runs `pulumi up` for a stack and shows its progress; for a lock, it shows who holds it and what to do. */
export function pulumiUp(
  target: Target,
  { refresh = false, exclude = [] }: UpdateOptions = {},
): Promise<Ended> {
  const reading = refresh ? ["--refresh", "--run-program"] : [];
  const excluded = exclude.flatMap((urn) => ["--exclude", urn]);
  return runWithProgress(target, ["up", "--yes", "--skip-preview", ...reading, ...excluded]);
}

/** Updates the stack's state from the cluster, with output like {@link pulumiUp}. */
export function refresh(target: Target): Promise<Ended> {
  return runWithProgress(target, ["refresh", "--yes", "--skip-preview", "--suppress-outputs"]);
}

/**
 * Returns the outputs of a stack's last update; empty before the first one.
 * @throws Error if the engine does not know the stack, or is missing.
 */
export function stackOutputs({ stack }: Target): Record<string, unknown> {
  return readJsonOutput(
    stack,
    ["stack", "output", "--json"],
    `tell what the last update of stack "${stack}" recorded`,
  );
}

/**
 * Returns the outputs of another stack's last update, by its full name.
 * @throws Error if the engine does not know the stack, or is missing.
 */
export function readOutputs(stack: string): Promise<Record<string, unknown>> {
  return Promise.resolve().then(() => stackOutputs({ stack }));
}

/**
 * Returns the state of a stack with encrypted secrets.
 * @throws Error if the engine does not know the stack, or is missing.
 */
export function exportState({ stack }: Target): State {
  return readJsonOutput(stack, ["stack", "export"], `read the state of stack "${stack}"`);
}

/** Returns the JSON output of the engine for a stack. */
function readJsonOutput<Result>(stack: string, command: string[], task: string): Result {
  const { status, stdout, stderr } = pulumi([...command, "--stack", stack], { stderr: "pipe" });
  process.stderr.write(stderr);
  if (status !== 0) {
    const text = `pulumi cannot ${task}; see its message above.`;
    throw new Error([text, adviceOn(stack, stderr) ?? []].flat().join("\n"));
  }
  return JSON.parse(stdout) as Result;
}

/**
 * Replaces the state of a stack.
 * @throws Error if the engine rejects it; the old state then remains.
 */
export function importState({ stack }: Target, state: State): void {
  const args = ["stack", "import", "--stack", stack];
  const { status, stderr } = pulumi(args, { input: JSON.stringify(state), stderr: "pipe" });
  if (status === 0) return;
  throw new Error(
    `The state of stack "${stack}" was not changed: ${lockText(stack, stderr) ?? stderr.trim()}`,
  );
}

/** Runs the engine interactively on a stack: shows progress by part, and explains a lock. */
async function runWithProgress({ stack, configFile }: Target, command: string[]): Promise<Ended> {
  const config = configFile === undefined ? [] : ["--config-file", configFile];
  const args = [...command, "--urns", "--non-interactive", "--stack", stack, ...config];
  let stderr = "";
  const progress = new Progress(console.log);
  const timer = setInterval(() => progress.look(), interval * 1000);
  const { code, stopped } = await runEngine(args, (engine) => {
    engine.stderr.on("data", (text: string) => {
      stderr += text;
      process.stderr.write(text);
    });
    const lines = createInterface({ input: engine.stdout });
    lines.on("line", (line) => progress.take(stripVTControlCharacters(line)));
  }).finally(() => clearInterval(timer));
  progress.end();
  if (code === 0) return "succeeded";
  const lock = lockText(stack, stderr);
  const advice = lock ?? adviceOn(stack, stderr);
  if (advice !== undefined) console.error(`Stack "${stack}": ${advice}`);
  if (lock !== undefined) return "locked";
  return stopped ? "stopped" : "failed";
}

interface Streams {
  input?: string;
  stderr?: "inherit" | "pipe";
}

function pulumi(
  args: string[],
  { input, stderr = "inherit" }: Streams = {},
): SpawnSyncReturns<string> {
  const ended = spawnSync("pulumi", args, {
    env: { ...process.env, ...engineVariables },
    encoding: "utf8",
    input,
    stdio: [input === undefined ? "ignore" : "pipe", "pipe", stderr],
    // The state of hundreds of apps is tens of MiB.
    maxBuffer: Infinity,
  });
  if (ended.error !== undefined) throw notStarted(ended.error);
  return ended;
}
