import { spawn, spawnSync, type SpawnSyncReturns } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { stripVTControlCharacters } from "node:util";
import { adviceOn } from "./advice";
import { engineVariables, notStarted } from "./environment";
import { lockText } from "./lock";
import { Progress } from "./progress";
import type { State } from "./state";

/** A stack, as the engine is told of it. */
export interface Target {
  stack: string;
  /** The stack's config, where it is not Pulumi.<stack>.yaml in the project's folder. */
  configFile?: string;
}

/** How a command of the engine ended: `locked` is one that another update of the stack did not let begin. */
export type Ended = "succeeded" | "failed" | "locked";

/** Seconds between two looks at how the parts of a stack get on. */
const interval = 10;

/** What is special about one update. */
interface UpdateOptions {
  /** Whether each object is read from the cluster first, by the program's own provider. */
  refresh?: boolean;
  /** URNs of resources that stay as they are. */
  exclude?: readonly string[];
}

/** Runs `pulumi up` for a stack, which tells how it goes; of a lock, who holds it and what to do. */
export function pulumiUp(
  target: Target,
  { refresh = false, exclude = [] }: UpdateOptions = {},
): Promise<Ended> {
  const reading = refresh ? ["--refresh", "--run-program"] : [];
  const excluded = exclude.flatMap((urn) => ["--exclude", urn]);
  return shown(target, ["up", "--yes", "--skip-preview", ...reading, ...excluded]);
}

/** Makes the stack's state what the cluster has; tells how that goes, as {@link pulumiUp} does. */
export function refresh(target: Target): Promise<Ended> {
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

/** Runs the engine on a stack in front of the person, who sees parts, and is told of a lock in plain words. */
async function shown({ stack, configFile }: Target, command: string[]): Promise<Ended> {
  const config = configFile === undefined ? [] : ["--config-file", configFile];
  const args = [...command, "--urns", "--non-interactive", "--stack", stack, ...config];
  const child = spawn("pulumi", args, {
    env: { ...process.env, ...engineVariables },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    process.stderr.write(text);
  });
  const progress = new Progress(console.log);
  const lines = createInterface({ input: child.stdout });
  lines.on("line", (line) => progress.take(stripVTControlCharacters(line)));
  const timer = setInterval(() => progress.look(), interval * 1000);
  try {
    const [code] = (await once(child, "close")) as [number | null];
    progress.end();
    if (code === 0) return "succeeded";
  } catch (error) {
    throw notStarted(error as Error);
  } finally {
    clearInterval(timer);
  }
  const lock = lockText(stack, stderr);
  const advice = lock ?? adviceOn(stack, stderr);
  if (advice !== undefined) console.error(`Stack "${stack}": ${advice}`);
  return lock === undefined ? "failed" : "locked";
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
    // A state of hundreds of apps has tens of MiB.
    maxBuffer: Infinity,
  });
  if (ended.error !== undefined) throw notStarted(ended.error);
  return ended;
}
