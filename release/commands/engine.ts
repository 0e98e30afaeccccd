import { spawnSync } from "node:child_process";

/** A stack, as the engine is told of it. */
export interface Target {
  stack: string;
  /** The stack's config, where it is not Pulumi.<stack>.yaml in the project's folder. */
  configFile?: string;
}

/** Runs `pulumi up` for a stack; tells whether it succeeded. */
export function pulumiUp({ stack, configFile }: Target): boolean {
  const config = configFile === undefined ? [] : ["--config-file", configFile];
  const args = ["up", "--yes", "--skip-preview", "--stack", stack, ...config];
  return pulumi(args, "inherit").status === 0;
}

/**
 * The outputs of a stack's last update; empty before the first.
 * @throws Error when the engine does not know the stack, or is not there.
 */
export function stackOutputs({ stack }: Target): Record<string, unknown> {
  const { status, stdout } = pulumi(["stack", "output", "--json", "--stack", stack], "pipe");
  if (status !== 0) {
    throw new Error(
      `pulumi cannot tell what the last update of stack "${stack}" recorded; see its message above.`,
    );
  }
  return JSON.parse(stdout) as Record<string, unknown>;
}

function pulumi(
  args: string[],
  stdout: "inherit" | "pipe",
): { status: number | null; stdout: string } {
  const ended = spawnSync("pulumi", args, {
    encoding: "utf8",
    stdio: ["ignore", stdout, "inherit"],
  });
  if (ended.error !== undefined) {
    throw new Error(
      `pulumi could not be started (${ended.error.message}). Put it on the PATH; for the local cluster: eval "$(npm run -s local:env)"`,
    );
  }
  return ended;
}
