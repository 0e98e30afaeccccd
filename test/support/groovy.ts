import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { groovyLiteral, type GroovyValue } from "../../components/ci/groovy";
import { cacheFolder, checkout } from "../../local/toolchain/paths";
import { run } from "../../local/toolchain/run";

/** The compiler that Jenkins itself runs pipelines with, and the one that is developed further. */
export const groovyVersions = [
  { artifact: "org.codehaus.groovy:groovy:2.4.21", jar: "groovy-2.4.21.jar" },
  { artifact: "org.apache.groovy:groovy:4.0.29", jar: "groovy-4.0.29.jar" },
] as const;

const folder = join(checkout, "test/integration/groovy");

/** The library of this repository's pipelines. */
export const library = join(checkout, "ci/library/vars");

/** A step that a pipeline asked Jenkins for. */
export interface Step {
  step: string;
  args: unknown[];
  /** Stage and agent that it runs in, and the container of that agent's pod. */
  stage: string | null;
  agent: string | null;
  container: string | null;
  /** `NAME=value` of every `withEnv` around it. */
  env: string[];
  /** Blocks around it, the outermost first. */
  within: string[];
}

/** What a run of a script did. */
export interface Played {
  events: Step[];
  /** Message of the step `error`, if one was reached. */
  failure: string | null;
  /** Full names of jobs that were disabled. */
  disabled: string[];
  /** API tokens that were made. */
  tokens: { user: string; name: string; plain: string; expires: boolean; saves: number }[];
}

/** What surrounds a script while it runs. */
export interface Scene {
  script: string;
  /** How often the script runs, as a start script runs at each start; once without it. */
  runs?: number;
  /** Folder of a library whose scripts are there by name. */
  library?: string;
  params?: Record<string, string>;
  env?: Record<string, string>;
  /** What the steps `sh` that ask for a status get, one after the other. */
  statuses?: number[];
  /** What the steps `sh` that ask for their output get. */
  output?: string;
  /** What started the build, for example `TimerTrigger`. */
  cause?: string;
  /** Whether the app ships a hook. */
  hook?: boolean;
  /** Jobs that Jenkins has already. */
  jobs?: { fullName: string; description: string }[];
}

/** Path of a compiler's jar; Maven fetches it once per user. */
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

/** Compiles files to bytecode; the message names what is wrong. */
export function compileGroovy(jar: string, files: string[]): { ok: boolean; message: string } {
  const { status, stdout, stderr } = java(jar, "compile.groovy", files);
  return { ok: status === 0, message: stdout + stderr };
}

/** Runs scripts, each in a scene of its own, with every step noted and none done. */
export function playGroovy(jar: string, scenes: Scene[]): Played[] {
  const temporary = mkdtempSync(join(tmpdir(), "groovy-"));
  try {
    const file = join(temporary, "scene.groovy");
    const given = scenes.map((scene) => ({ params: {}, env: {}, statuses: [], ...scene }));
    writeFileSync(file, groovyLiteral(given as unknown as GroovyValue));
    const { status, stdout, stderr } = java(jar, "run.groovy", [file]);
    if (status !== 0) throw new Error(stdout + stderr);
    return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Played[];
  } finally {
    rmSync(temporary, { recursive: true });
  }
}

function java(jar: string, script: string, args: string[]) {
  const path = [jar, join(folder, "stubs"), folder].join(":");
  const main = ["-cp", path, "groovy.ui.GroovyMain", join(folder, script), ...args];
  const { error, ...ended } = spawnSync("java", ["-XX:TieredStopAtLevel=1", ...main], {
    encoding: "utf8",
  });
  if (error !== undefined) throw error;
  return ended;
}

/** Arguments of every step of a name. */
export function args(events: Step[], name: string): unknown[][] {
  return events.filter(({ step }) => step === name).map((event) => event.args);
}

/** Texts of the pipelines that a seed made. */
export function scripts(events: Step[]): string[] {
  return args(events, "script").map(([text]) => String(text));
}

/** Commands that ran, of one stage or of all. */
export function commands(events: Step[], stage?: string): string[] {
  return events
    .filter((event) => event.step === "sh" && (stage === undefined || event.stage === stage))
    .map(({ args: [first] }) =>
      typeof first === "string" ? first : (first as { script: string }).script,
    );
}

/** Agents that a stage ran on. */
export function agents(events: Step[], stage: string): (string | null)[] {
  return [...new Set(events.filter((event) => event.stage === stage).map(({ agent }) => agent))];
}

/** Stages that did something, in order. */
export function stagesOf(events: Step[]): string[] {
  return [...new Set(events.map(({ stage }) => stage))].filter((stage) => stage !== null);
}

/** Whether a command asks for a merge request. */
export function isPush(text: unknown): boolean {
  return typeof text === "string" && text.includes("git push");
}
