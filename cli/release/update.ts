import { checkCanary } from "./check";
import { isWorker } from "../../config/app/kinds";
import { configOf, type Context } from "./context";
import { putSettingsBack } from "./settings";
import { exportState, pulumiUp, type Target, type Ended } from "../../engine/pulumi";
import { unreadyPlatform, type StateResource } from "../../engine/state";

/**
 * Updates a stack for the sake of a release. A part of the platform that was not ready at the last
 * update or refresh is left as it is: the engine would wait for it again, half an hour for some, and
 * hold the stack's lock against a rollback all that time.
 */
export async function releaseUp(target: Target): Promise<Ended> {
  const unready = unreadyPlatform(exportState(target));
  for (const resource of unready) {
    console.log(
      `Not waited for: ${titleOf(resource)}, which was not ready before. The next "pulumi up" waits for it.`,
    );
  }
  return pulumiUp(target, { exclude: unready.map(({ urn }) => urn) });
}

function titleOf({ type, urn, inputs = {} }: StateResource): string {
  const { namespace, name } = (inputs["metadata"] ?? {}) as { namespace?: string; name?: string };
  const object = [namespace, name ?? urn.split("::").at(-1)].filter((it) => it !== undefined);
  return `${type.split(":").at(-1) ?? ""} ${object.join("/")}`;
}

/** Updates a stack. */
type Update = (target: Target) => Ended | Promise<Ended>;

/**
 * Runs the update that the saved file asks for. If it fails, or the canary fails its check, the
 * former file is put back and the update runs again with that; where another update holds the stack's
 * lock, nothing was changed, and nothing is to be undone but the file.
 * @returns whether the new state stands.
 */
export async function updateOrRevert(
  context: Context,
  up: Update = releaseUp,
  check: typeof checkCanary = checkCanary,
): Promise<boolean> {
  const updated = await up(context);
  if (updated === "locked") {
    context.file.restore();
    console.error("Nothing was changed; the former config is put back.");
    return false;
  }
  const reason = updated === "succeeded" ? await failedCheck(context, check) : "the update failed";
  if (reason === undefined) return true;
  console.error(`${reason}; the former config is put back and applied.`);
  context.file.restore();
  context.file.reload();
  const settings = putSettingsBack(context);
  if (settings !== undefined) {
    console.error(
      `Its settings had been edited for the release (${settings.fields.join(", ")}) and are put back as well; the edited file is kept as ${settings.kept}.`,
    );
  }
  if ((await up(context)) !== "succeeded") {
    throw new Error(
      `The update back to the former config failed as well. ${context.file.fileOf(context.app)} holds the former config; ` +
        `run "pulumi up --stack ${context.stack}" when the cause is fixed.`,
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

/**
 * Takes the canary's share of the requests away and runs the update; the canary keeps running, and
 * is still reached by its header. The share of a worker's canary is its pods, which stop.
 * @throws Error when the update fails: requests may still reach the canary.
 */
export async function takeTrafficAway(context: Context, up: Update = releaseUp): Promise<void> {
  context.file.setWeight(context.app, 0);
  context.file.save();
  const shares = isWorker(configOf(context).app);
  const then = shares
    ? "stable does all the work, and the canary's pods stop"
    : "stable takes all requests";
  console.error(`The canary of ${context.app} failed its check; ${then}.`);
  if ((await up(context)) !== "succeeded") {
    throw new Error(
      `The update that ${shares ? "gives stable all pods and stops the canary's" : "gives all requests to stable"} failed; run "pulumi up --stack ${context.stack}" when the cause is fixed. Until then the canary has its share.`,
    );
  }
}
