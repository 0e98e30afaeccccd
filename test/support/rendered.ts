import { binary } from "../../local/toolchain/install";
import { checkout } from "../../local/toolchain/paths";
import { CommandFailed, run } from "../../local/toolchain/run";
import type { Cluster } from "../../local/cluster";

/** Writes a stack's objects into a folder, as `npx platform render` does. */
export async function renderInto(folder: string, stack: string): Promise<void> {
  const args = ["bin/bundle.cjs", "cli/render.ts", stack, folder];
  await run(process.execPath, args, { cwd: checkout });
}

/**
 * Runs kubectl on a cluster.
 * @throws CommandFailed if its exit code is not 0.
 */
export function kubectl({ kubeconfig }: Cluster, ...args: string[]): Promise<string> {
  return run(binary("kubectl"), ["--kubeconfig", kubeconfig, ...args]);
}

/** Waits until a cluster serves the kinds of all of its custom resource definitions. */
export async function definitionsServed(cluster: Cluster): Promise<void> {
  const all = ["crd", "--all", "--timeout=120s"];
  await kubectl(cluster, "wait", "--for=condition=Established", ...all);
}

/** Returns the message of a failed command; empty if it succeeds. */
export async function failureOf(command: Promise<string>): Promise<string> {
  try {
    await command;
    return "";
  } catch (error) {
    if (error instanceof CommandFailed) return error.output;
    throw error;
  }
}
