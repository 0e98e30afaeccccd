import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { adviceOn } from "./advice";
import { engineVariables, notStarted } from "./environment";
import { lockText } from "./lock";
import type { State } from "./state";

/** A stack, as the engine is told of it. */
export interface Target {
  stack: string;
  /** The stack's config, where it is not Pulumi.<stack>.yaml in the project's folder. */
  configFile?: string;
}

/** How a command of the engine ended: `locked` is one that another update of the stack did not let begin. */
export type Ended = "succeeded" | "failed" | "locked";

/**
 * Runs `pulumi up` for a stack, which tells how it goes; of a lock, who holds it and what to do.
 * @param refresh whether each object is read from the cluster first, by the program's own provider.
 */
export function pulumiUp(target: Target, { refresh = false } = {}): Ended {
  const reading = refresh ? ["--refresh", "--run-program"] : [];
  return shown(target, ["up", "--yes", "--skip-preview", ...reading]);
}

/** Makes the stack's state what the cluster has; tells how that goes, as {@link pulumiUp} does. */
export function refresh(target: Target): Ended {
  return shown(target, ["refresh", "--yes", "--skip-preview", "--suppress-outputs"]);
}

/**
 * The outputs of a stack's last update; empty before the first.
 * @throws Error when the engine does not know the stack, or is not there.
 */
export function stackOutputs({ stack }: Target): Record<string, unknown> {
  return printed(
    stack,
    ["stack", "output", "--json"],
    `tell what the last update of stack "${stack}" recorded`,
  );
}

/**
 * The outputs of another stack's last update, by its full name.
 * @throws Error when the engine does not know the stack, or is not there.
 */
export function readOutputs(stack: string): Promise<Record<string, unknown>> {
  return Promise.resolve().then(() => stackOutputs({ stack }));
}

/**
 * The state of a stack, its secrets encrypted.
 * @throws Error when the engine does not know the stack, or is not there.
 */
export function exportState({ stack }: Target): State {
  return printed(stack, ["stack", "export"], `read the state of stack "${stack}"`);
}

/** What the engine prints about a stack as JSON. */
function printed<Result>(stack: string, command: string[], task: string): Result {
  const { status, stdout, stderr } = pulumi([...command, "--stack", stack], { stderr: "pipe" });
  process.stderr.write(stderr);
  if (status !== 0) {
    const text = `pulumi cannot ${task}; see its message above.`;
    throw new Error([text, adviceOn(stack, stderr) ?? []].flat().join("\n"));
  }
  return JSON.parse(stdout) as Result;
}

/**
 * Puts a state in the place of a stack's own.
 * @throws Error when the engine refuses it; the former state stays then.
 */
export function importState({ stack }: Target, state: State): void {
  const args = ["stack", "import", "--stack", stack];
  const { status, stderr } = pulumi(args, { input: JSON.stringify(state), stderr: "pipe" });
  if (status === 0) return;
  throw new Error(
    `The state of stack "${stack}" was not changed: ${lockText(stack, stderr) ?? stderr.trim()}`,
  );
}

/** Runs the engine on a stack in front of the person, who is told of a lock in plain words. */
function shown({ stack, configFile }: Target, [verb = "", ...options]: string[]): Ended {
  const config = configFile === undefined ? [] : ["--config-file", configFile];
  const { status, stderr } = pulumi([verb, ...options, "--stack", stack, ...config], {
    stdout: "inherit",
    stderr: "pipe",
  });
  process.stderr.write(stderr);
  if (status === 0) return "succeeded";
  const lock = lockText(stack, stderr);
  const advice = lock ?? adviceOn(stack, stderr);
  if (advice !== undefined) console.error(`Stack "${stack}": ${advice}`);
  return lock === undefined ? "failed" : "locked";
}

interface Streams {
  input?: string;
  stdout?: "inherit" | "pipe";
  stderr?: "inherit" | "pipe";
}

function pulumi(
  args: string[],
  { input, stdout = "pipe", stderr = "inherit" }: Streams = {},
): SpawnSyncReturns<string> {
  const ended = spawnSync("pulumi", args, {
    env: { ...process.env, ...engineVariables },
    encoding: "utf8",
    input,
    stdio: [input === undefined ? "ignore" : "pipe", stdout, stderr],
    // A state of hundreds of apps has tens of MiB.
    maxBuffer: Infinity,
  });
  if (ended.error !== undefined) throw notStarted(ended.error);
  return ended;
}
