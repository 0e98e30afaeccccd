import { spawn } from "node:child_process";
import { adviceOn } from "./advice";
import { engineVariables, notStarted } from "./environment";
import { runEngine, type EngineProcess } from "./process";

/** Operations on stacks. */
export type Verb = "preview" | "up";

/** Result of a run of the engine. */
export interface Ended {
  /** Exit code; null after a signal. */
  code: number | null;
  stdout: string;
  /** Both output streams, interleaved. */
  output: string;
}

/** The engine, as the CLI uses it. */
export interface Engine {
  /** Previews or updates a stack. */
  run(verb: Verb, stack: string, configFile: string | undefined): Promise<Ended>;
  /** Returns the time of the last update of each stack in the backend; undefined for a stack without updates. */
  lastUpdates(): Promise<Map<string, string | undefined>>;
  /** Returns the outputs of a stack's last update; undefined if they cannot be read. */
  outputs(stack: string): Promise<Record<string, unknown> | undefined>;
}

interface Listed {
  name: string;
  lastUpdate?: string;
}

/** An engine that takes more flags. */
export interface FlaggedEngine extends Engine {
  run(
    verb: Verb,
    stack: string,
    configFile: string | undefined,
    flags?: readonly string[],
  ): Promise<Ended>;
}

/** The `pulumi` in PATH; each call is a separate process. */
export const pulumiEngine: FlaggedEngine = {
  run: (verb, stack, configFile, flags = []) =>
    stoppable([
      verb,
      "--stack",
      stack,
      ...(configFile === undefined ? [] : ["--config-file", configFile]),
      ...(verb === "up" ? ["--yes", "--skip-preview"] : []),
      ...["--suppress-outputs", "--non-interactive", "--color", "never", ...flags],
    ]),

  async lastUpdates() {
    const { code, stdout, output } = await pulumi(["stack", "ls", "--json", "--non-interactive"]);
    if (code !== 0) {
      const lines = [`pulumi cannot list the backend's stacks: ${output.trim()}`];
      throw new Error([...lines, adviceOn("", output) ?? []].flat().join("\n"));
    }
    const listed = JSON.parse(stdout) as Listed[];
    return new Map(
      // A backend with organizations prefixes the names.
      listed.map(({ name, lastUpdate }) => [name.split("/").at(-1) ?? name, lastUpdate]),
    );
  },

  async outputs(stack) {
    const { code, stdout } = await pulumi([
      ...["stack", "output", "--json", "--non-interactive", "--stack", stack],
    ]);
    return code === 0 ? (JSON.parse(stdout) as Record<string, unknown>) : undefined;
  },
};

/** Runs a command that is asked to stop when this process gets a signal, and then ends cleanly. */
async function stoppable(args: string[]): Promise<Ended> {
  const collected = { stdout: "", output: "" };
  const { code } = await runEngine(args, (engine) => collectOutput(engine, collected));
  return { code, ...collected };
}

/** Runs a command that only reads, and that a signal may end. */
function pulumi(args: string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn("pulumi", args, {
      env: { ...process.env, ...engineVariables },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8");
    const collected = { stdout: "", output: "" };
    collectOutput(child, collected);
    child.on("error", (error) => reject(notStarted(error)));
    child.on("close", (code) => resolve({ code, ...collected }));
  });
}

/** Collects what an engine prints. */
function collectOutput(engine: EngineProcess, into: Pick<Ended, "stdout" | "output">): void {
  engine.stdout.on("data", (text: string) => {
    into.stdout += text;
    into.output += text;
  });
  engine.stderr.on("data", (text: string) => (into.output += text));
}
