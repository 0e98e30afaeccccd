import { spawnSync } from "node:child_process";
import { adviceOn } from "../../stacks/commands/advice";
import { engineVariables } from "../../stacks/commands/environment";
import { lockText } from "../../stacks/commands/lock";

/** Bytes that one stream of the engine may have. The outputs of 700 apps have less than a tenth. */
const longestOutput = 64 * 1024 * 1024;

/** A stack, as the engine is told of it. */
export interface Target {
  stack: string;
  /** The stack's config, where it is not Pulumi.<stack>.yaml in the project's folder. */
  configFile?: string;
}

/** How an update ended: `locked` is one that another update of the stack did not let begin. */
export type Updated = "succeeded" | "failed" | "locked";

/** Runs `pulumi up` for a stack, which tells how it goes, and says what to do where it does not. */
export function pulumiUp({ stack, configFile }: Target): Updated {
  const config = configFile === undefined ? [] : ["--config-file", configFile];
  const args = ["up", "--yes", "--skip-preview", "--stack", stack, ...config];
  const { status, stderr } = pulumi(args, ["inherit", "pipe"]);
  process.stderr.write(stderr);
  if (status === 0) return "succeeded";
  const lock = lockText(stack, stderr);
  const advice = lock ?? adviceOn(stack, stderr);
  if (advice !== undefined) console.error(`Stack "${stack}": ${advice}`);
  return lock === undefined ? "failed" : "locked";
}

/**
 * The outputs of a stack's last update; empty before the first.
 * @throws Error when the engine does not know the stack, or is not there.
 */
export function stackOutputs({ stack }: Target): Record<string, unknown> {
  const args = ["stack", "output", "--json", "--stack", stack];
  const { status, stdout, stderr } = pulumi(args, ["pipe", "pipe"]);
  process.stderr.write(stderr);
  if (status !== 0) {
    const text = `pulumi cannot tell what the last update of stack "${stack}" recorded; see its message above.`;
    throw new Error([text, adviceOn(stack, stderr) ?? []].flat().join("\n"));
  }
  return JSON.parse(stdout) as Record<string, unknown>;
}

type Stream = "inherit" | "pipe";

function pulumi(
  args: string[],
  [stdout, stderr]: [stdout: Stream, stderr: Stream],
): { status: number | null; stdout: string; stderr: string } {
  const ended = spawnSync("pulumi", args, {
    env: { ...process.env, ...engineVariables },
    encoding: "utf8",
    maxBuffer: longestOutput,
    stdio: ["ignore", stdout, stderr],
  });
  if (ended.error !== undefined) {
    throw new Error(
      `pulumi could not be started (${ended.error.message}). Put it on the PATH; for the local cluster: eval "$(npm run -s local:env)"`,
    );
  }
  return ended;
}
