import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { groovyLiteral, type GroovyValue } from "../../components/ci/groovy";
import { cacheFolder, checkout } from "../../local/toolchain/paths";
import { run } from "../../local/toolchain/run";
import { shortRun } from "./java";
import { long } from "./long";

/** The compiler that Jenkins uses for pipelines. */
export const jenkinsGroovy = {
  artifact: "org.codehaus.groovy:groovy:2.4.21",
  jar: "groovy-2.4.21.jar",
};

const currentGroovy = { artifact: "org.apache.groovy:groovy:4.0.29", jar: "groovy-4.0.29.jar" };

/** The compilers of a test run: Jenkins' own, and at night a current one. */
export const groovyVersions = long ? [jenkinsGroovy, currentGroovy] : [jenkinsGroovy];

const folder = join(checkout, "test/integration/groovy");

/** The pipeline library of this repository. */
export const library = join(checkout, "ci/library/vars");

/** A step that a pipeline called. */
export interface Step {
  step: string;
  args: unknown[];
  /** Its stage and agent, and the container of that agent's pod. */
  stage: string | null;
  agent: string | null;
  container: string | null;
  /** `NAME=value` of every enclosing `withEnv`. */
  env: string[];
  /** Enclosing blocks, the outermost first. */
  within: string[];
}

/** Results of a script's run. */
export interface ScriptResult {
  events: Step[];
  /** Message of the step `error`, if it was called. */
  failure: string | null;
  /** Global variables after the run. */
  env: Record<string, string>;
  /** Full names of disabled jobs. */
  disabled: string[];
  /** Created API tokens. */
  tokens: { user: string; name: string; plain: string; expires: boolean; saves: number }[];
}

/** Environment of a script's run. */
export interface Scenario {
  script: string;
  /** Number of runs, for a script that runs at each start. Default: 1. */
  runs?: number;
  /** Folder of a library with scripts by name. Default: none. */
  library?: string;
  params?: Record<string, string>;
  env?: Record<string, string>;
  /** Results of the `sh` steps that return a status, in order. */
  statuses?: number[];
  /** Result of the `sh` steps that return output. */
  output?: string;
  /** Global variables of the previous builds, the last one first. Default: there are none. */
  earlier?: Record<string, string>[];
  /** Cause of the build, for example `TimerTrigger`. */
  cause?: string;
  /** Names of the changed stacks, separated by spaces. Default: `prod`. */
  stacks?: string;
  /** Address of the repository that is checked out. */
  url?: string;
  /** Whether the app has a hook. */
  hook?: boolean;
  /** Existing jobs of Jenkins. */
  jobs?: { fullName: string; description: string }[];
}

/** Returns the path of a compiler's jar; Maven downloads it once per user. */
export async function groovyJar({
  artifact,
  jar,
}: (typeof groovyVersions)[number]): Promise<string> {
  const cache = join(cacheFolder(), "groovy");
  const path = join(cache, jar);
  if (existsSync(path)) return path;
  mkdirSync(cache, { recursive: true });
  await run("mvn", [
    "--batch-mode",
    "--quiet",
    "dependency:copy",
    `-Dartifact=${artifact}`,
    `-DoutputDirectory=${cache}`,
  ]);
  return path;
}

/** Compiles files to bytecode; the message contains the errors. */
export function compileGroovy(jar: string, files: string[]): { ok: boolean; message: string } {
  const options = { encoding: "utf8" } as const;
  const { error, status, stdout, stderr } = spawnSync(
    "java",
    javaArgs(jar, "compile.groovy", files),
    options,
  );
  if (error !== undefined) throw error;
  return { ok: status === 0, message: stdout + stderr };
}

/**
 * Runs scripts, each in its own environment, with simulated steps that are only recorded. One process runs all of them,
 * because starting Groovy takes longer than most scripts.
 */
export class GroovyRunner {
  private readonly folder = mkdtempSync(join(tmpdir(), "groovy-"));
  private readonly kill = () => this.child.kill("SIGKILL");
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly ended: Promise<never>;
  private output = "";
  private count = 0;

  /** @param jar path of the compiler. */
  constructor(jar: string) {
    this.child = spawn("java", javaArgs(jar, "run.groovy", []));
    process.once("exit", this.kill);
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream.on("data", (data: Buffer) => (this.output += data.toString()));
    }
    this.ended = new Promise((_, reject) => {
      this.child.on("error", reject);
      this.child.on("close", () => reject(new Error(`Groovy ended:\n${this.output}`)));
    });
    // If no scenario waits for the end, as after `stop`, the end is not an error.
    this.ended.catch(() => undefined);
  }

  /**
   * Runs scenarios, one after the other.
   * @throws Error with all output if Groovy itself fails.
   */
  async run(scenarios: Scenario[]): Promise<ScriptResult[]> {
    const file = join(this.folder, `scenarios-${++this.count}.groovy`);
    const given = scenarios.map((scenario) => ({ params: {}, env: {}, statuses: [], ...scenario }));
    writeFileSync(file, groovyLiteral(given as unknown as GroovyValue));
    this.child.stdin.write(`${file}\n`);
    await Promise.race([this.waitForLine(`done ${file}\n`), this.ended]);
    return JSON.parse(readFileSync(`${file}.json`, "utf8")) as ScriptResult[];
  }

  /** Ends the process and deletes its files. */
  async stop(): Promise<void> {
    this.child.stdin.end();
    await this.ended.catch(() => undefined);
    process.off("exit", this.kill);
    rmSync(this.folder, { recursive: true });
  }

  private async waitForLine(line: string): Promise<void> {
    while (!this.output.includes(line)) await once(this.child.stdout, "data");
  }
}

function javaArgs(jar: string, script: string, args: string[]): string[] {
  const path = [jar, join(folder, "stubs"), folder].join(":");
  return [...shortRun, "-cp", path, "groovy.ui.GroovyMain", join(folder, script), ...args];
}

/** Returns the arguments of every step with a name. */
export function args(events: Step[], name: string): unknown[][] {
  return events.filter(({ step }) => step === name).map((event) => event.args);
}

/** Returns the pipelines that a seed created. */
export function scripts(events: Step[]): string[] {
  return args(events, "script").map(([text]) => String(text));
}

/** Returns the commands of one stage or of all. */
export function commands(events: Step[], stage?: string): string[] {
  return events
    .filter((event) => event.step === "sh" && (stage === undefined || event.stage === stage))
    .map(({ args: [first] }) =>
      typeof first === "string" ? first : (first as { script: string }).script,
    );
}

/** Returns the agents of a stage. */
export function agents(events: Step[], stage: string): (string | null)[] {
  return [...new Set(events.filter((event) => event.stage === stage).map(({ agent }) => agent))];
}

/** Returns the stages that ran a step, in order. */
export function stagesOf(events: Step[]): string[] {
  return [...new Set(events.map(({ stage }) => stage))].filter((stage) => stage !== null);
}

/** Whether a command creates a merge request. */
export function isPush(text: unknown): boolean {
  return typeof text === "string" && text.includes("git push");
}
