import { spawn, type ChildProcessByStdio } from "node:child_process";
import type { Readable } from "node:stream";
import { checkout } from "../../local/toolchain/paths";

/** A running `pulumi up`. */
export type UpdateProcess = ChildProcessByStdio<null, Readable, Readable>;

/**
 * Starts `pulumi up` in the background, as the leader of a process group. It saves the state after each step, as it
 * does in production, so that it may be killed.
 * @param target options that name the stack, and others.
 */
export function startUpdate(target: string[], environment: NodeJS.ProcessEnv): UpdateProcess {
  const args = ["up", "--yes", "--skip-preview", ...target, "--non-interactive"];
  const child = spawn("pulumi", args, {
    cwd: checkout,
    env: { ...environment, PULUMI_SKIP_CHECKPOINTS: "false" },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  // Output is discarded unless a test listens, so that the engine never blocks.
  for (const stream of [child.stdout, child.stderr]) stream.resume();
  return child;
}
