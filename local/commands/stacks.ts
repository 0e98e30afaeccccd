import { spawn } from "node:child_process";
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { heldText, isHeldByEnded } from "../../engine/held";
import { holdSignals } from "../../engine/signals";
import { binary } from "../toolchain/install";
import { checkout, localFolder } from "../toolchain/paths";
import { run } from "../toolchain/run";
import { localEnvironment } from "./environment";

/** A stack on the local cluster. */
export interface LocalStack {
  name: string;
  /** Path of its config in the project. Default: `Pulumi.<name>.yaml`. */
  configFile?: string;
}

/** The stack that `npx platform local up` brings up. */
export const devStack: LocalStack = { name: "dev" };

/** A second environment on the cluster of the dev stack. It requires versions that the dev stack has tried. */
export const grayStack: LocalStack = {
  name: "gray",
  configFile: "stacks/examples/gray.yaml",
};

function options(): { cwd: string; env: NodeJS.ProcessEnv } {
  return { cwd: checkout, env: { ...process.env, ...localEnvironment() } };
}

function target({ name, configFile }: LocalStack): string[] {
  return ["--stack", name, ...(configFile === undefined ? [] : ["--config-file", configFile])];
}

/**
 * Creates a stack unless it exists, and updates it. The engine prints its progress.
 * @returns the stack's outputs.
 * @throws Error if the update fails.
 */
export async function bringUp(stack: LocalStack): Promise<Record<string, unknown>> {
  const { cwd, env } = options();
  const selecting = ["stack", "select", "--create", stack.name];
  await run(binary("pulumi"), selecting, { cwd: folderOf(stack), env });
  await releaseLock(stack);
  await runInteractively(
    binary("pulumi"),
    ["up", "--yes", "--skip-preview", "--suppress-outputs", ...target(stack)],
    { cwd, env },
  );
  const reading = ["stack", "output", "--json", "--stack", stack.name];
  return JSON.parse(await run(binary("pulumi"), reading, { cwd, env })) as Record<string, unknown>;
}

/** Returns whether a stack exists; a cluster may have been started without one. */
export async function exists({ name }: LocalStack): Promise<boolean> {
  const text = await run(binary("pulumi"), ["stack", "ls", "--json"], options());
  const stacks = JSON.parse(text) as { name: string }[];
  return stacks.some((each) => each.name.split("/").at(-1) === name);
}

/** Deletes everything that a stack has declared. */
export async function destroy(stack: LocalStack): Promise<void> {
  await releaseLock(stack);
  const args = ["destroy", "--yes", "--skip-preview", ...target(stack)];
  await run(binary("pulumi"), args, options());
}

/**
 * Releases the lock of an update that was killed: only this computer uses the state of a local stack.
 * @throws Error if the update still runs.
 */
async function releaseLock({ name }: LocalStack): Promise<void> {
  const { cwd, env } = options();
  const held = heldText(name, env.PULUMI_BACKEND_URL);
  if (held === undefined) return;
  if (!isHeldByEnded(name, env.PULUMI_BACKEND_URL)) throw new Error(`Stack ${name} is ${held}`);
  console.error(`stack ${name}: releasing the lock of an update that was killed`);
  await run(binary("pulumi"), ["cancel", "--yes", "--stack", name], { cwd, env });
}

/**
 * Returns the folder in which a stack is created. The engine writes the new stack's file there, and each file of the
 * project is a stack for the pipelines.
 */
function folderOf({ configFile }: LocalStack): string {
  if (configFile === undefined) return checkout;
  const folder = join(localFolder, "examples");
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(checkout, "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
  return folder;
}

/** Runs an interactive command. Ctrl-C ends it, not this process, which waits for it; other signals are passed on. */
function runInteractively(command: string, args: string[], options: object): Promise<void> {
  const child = spawn(command, args, { ...options, stdio: "inherit" });
  const ended = new Promise<void>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve();
      else
        reject(
          new Error(
            `pulumi up failed; see its output above. Fix the cause and run "npx platform local up" again: it continues where it stopped.`,
          ),
        );
    });
  });
  return holdSignals(
    () => ended,
    (signal) => {
      // The terminal sends Ctrl-C to the command as well.
      if (signal !== "SIGINT") child.kill(signal);
    },
  );
}
