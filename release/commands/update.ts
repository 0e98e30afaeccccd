import { spawnSync } from "node:child_process";
import { checkCanary } from "./check";
import type { Context } from "./context";

/**
 * Runs `pulumi up` for a stack; tells whether it succeeded.
 * @param more further arguments.
 */
export function pulumiUp(stack: string, more: readonly string[] = []): boolean {
  const { status, error } = spawnSync(
    "pulumi",
    ["up", "--yes", "--skip-preview", "--stack", stack, ...more],
    { stdio: "inherit" },
  );
  if (error !== undefined) {
    throw new Error(`pulumi could not be started (${error.message}); put it on the PATH.`);
  }
  return status === 0;
}

/**
 * Runs the update that the saved file asks for. If it fails, or the canary fails its check, the
 * former file is put back and the update runs again with that.
 * @returns whether the new state stands.
 */
export async function updateOrRevert(
  context: Context,
  up: (stack: string) => boolean = pulumiUp,
  check: typeof checkCanary = checkCanary,
): Promise<boolean> {
  const reason = up(context.stack) ? await failedCheck(context, check) : "the update failed";
  if (reason === undefined) return true;
  console.error(`${reason}; the former config is put back and applied.`);
  context.file.restore();
  if (!up(context.stack)) {
    throw new Error(
      `The update back to the former config failed as well. ${context.file.path} holds the former config; ` +
        `run "pulumi up --stack ${context.stack}" when the cause is gone.`,
    );
  }
  return false;
}

async function failedCheck(
  context: Context,
  check: typeof checkCanary,
): Promise<string | undefined> {
  const result = await check(context);
  return result?.verdict === "fail" ? "the canary failed its check" : undefined;
}
