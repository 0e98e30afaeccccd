import { reasonOf } from "../../config/reason";
import { checkCanary } from "./check";
import { isWorker } from "../../config/app/kinds";
import { RefusedReleases } from "../../program/releases";
import { steadyReleases } from "../../program/steady";
import { configOf, isUnreleased, planOf, type Context } from "./context";
import { liveOf } from "./live";
import { OpenStack } from "./open";
import { entranceOf, notAsPlanned } from "../../program/wait/recorded";
import type { Plan } from "../../releases";
import { restoreSettings } from "./settings";
import { exportState, pulumiUp, type Target, type Ended } from "../../engine/pulumi";
import { holdSignals, isAskedToStop } from "../../engine/signals";
import {
  unreadyDeployments,
  unreadyPlatform,
  type State,
  type StateResource,
} from "../../engine/state";

/**
 * Updates a stack for a release. It skips parts of the platform that were not ready at the last update or refresh, and
 * pods of steady releases. The engine would wait for them again, for about half an hour, hold the lock of the stack
 * against a rollback in the meantime, and then fail.
 */
export async function releaseUp(target: Target): Promise<Ended> {
  const state = exportState(target);
  const unready = [...unreadyPlatform(state), ...(await unreadySteady(target, state))];
  for (const resource of unready) {
    console.log(
      `Not waited for: ${titleOf(resource)}, which was not ready before. The next "pulumi up" waits for it.`,
    );
  }
  return pulumiUp(target, { exclude: unready.map(({ urn }) => urn) });
}

/**
 * Returns the Deployments that were not ready, of releases that an update with the current files does not
 * change.
 */
async function unreadySteady(target: Target, state: State): Promise<StateResource[]> {
  const unready = unreadyDeployments(state);
  if (unready.length === 0) return [];
  const open = new OpenStack(target, state);
  const apps = [...new Set(unready.map(appOf))].filter((app) => open.file.apps().includes(app));
  const steady = new Set<string>();
  for (const app of apps) {
    const context = await open.context(app);
    if (isUnreleased(context)) continue;
    for (const name of steadyIn(context)) steady.add(name);
  }
  return unready.filter((resource) => steady.has(metadataOf(resource).name ?? ""));
}

/** Returns the steady releases of an app; none if the update is refused, because the refusal itself is reported. */
function steadyIn(context: Context): string[] {
  try {
    const { app } = configOf(context);
    return steadyReleases(context.app, app, planOf(context), context.record);
  } catch (error) {
    if (error instanceof RefusedReleases) return [];
    throw error;
  }
}

interface Metadata {
  namespace?: string;
  name?: string;
  labels?: Record<string, string>;
}

function metadataOf({ inputs = {} }: StateResource): Metadata {
  return (inputs["metadata"] ?? {}) as Metadata;
}

function appOf(resource: StateResource): string {
  return metadataOf(resource).labels?.["app.kubernetes.io/name"] ?? "";
}

function titleOf(resource: StateResource): string {
  const { type, urn } = resource;
  const { namespace, name } = metadataOf(resource);
  const object = [namespace, name ?? urn.split("::").at(-1)].filter((it) => it !== undefined);
  return `${type.split(":").at(-1) ?? ""} ${object.join("/")}`;
}

/** Updates a stack. */
type Update = (target: Target) => Ended | Promise<Ended>;

/** Options of {@link updateOrRevert}. */
interface UpdateOptions {
  up?: Update;
  check?: typeof checkCanary;
  /** Whether the change goes back to a former release, or ends a canary. Default: false. */
  goesBack?: boolean;
  /** Reads what the cluster runs. */
  look?: typeof liveOf;
}

/**
 * Updates the stack with the saved file. If the update or the canary's check fails, the previous file is restored and
 * applied. If another update holds the stack's lock, nothing was changed, and only the file is restored. The same
 * happens if a signal asks the command to stop. A rollback that is in place, or that was stopped, is not undone, even
 * if another part of the update failed: the previous config would send the requests back to the release that was rolled
 * back.
 * @returns whether the whole update succeeded.
 * @throws Error if the previous config could not be restored or applied.
 */
export function updateOrRevert(context: Context, options: UpdateOptions = {}): Promise<boolean> {
  // A signal stops the engine, and then this work; it must not end between the two.
  return holdSignals(() => updateAndCheck(context, options));
}

async function updateAndCheck(
  context: Context,
  { up = releaseUp, check = checkCanary, goesBack = false, look = liveOf }: UpdateOptions,
): Promise<boolean> {
  const plan = goesBack ? planOf(context) : undefined;
  const updated = await begin(context, up);
  if (updated === "locked") {
    restore(context, "Nothing was changed in the cluster");
    console.error("Nothing was changed; the previous config was restored.");
    return false;
  }
  const reason = updated === "succeeded" ? await failedCheck(context, check) : failures[updated];
  if (reason === undefined) return true;
  const again = `"pulumi up --stack ${context.stack}"`;
  if (updated === "stopped" && goesBack) {
    console.error(`${reason}; the config is kept. To finish the rollback, run ${again}.`);
    return false;
  }
  if (plan !== undefined && (await isInPlace(context, plan, look))) {
    console.error(
      `The rollback of ${context.app} is in place, but another part of the update failed; the config is kept. Run ${again} when the cause is fixed.`,
    );
    return false;
  }
  if (updated === "stopped" || isAskedToStop()) {
    restoreWithSettings(context, reason);
    console.error(
      `${reason}; the previous config was restored, but not applied. To undo what the update did, run ${again}.`,
    );
    return false;
  }
  console.error(`${reason}; the previous config is restored and applied.`);
  restoreWithSettings(context, reason);
  if ((await up(context)) !== "succeeded") {
    throw new Error(
      `The update to the previous config did not succeed either. ${context.file.fileOf(context.app)} contains the previous config; ` +
        `run ${again} when the cause is fixed.`,
    );
  }
  return false;
}

/**
 * Runs the update.
 * @throws Error if it could not begin, for example because the state cannot be read; the config is then restored.
 */
async function begin(context: Context, up: Update): Promise<Ended> {
  try {
    return await up(context);
  } catch (error) {
    const text = reasonOf(error);
    restore(context, `${text}\nNothing was changed in the cluster`);
    throw new Error(`${text}\nNothing was changed; the previous config was restored.`, {
      cause: error,
    });
  }
}

const failures = { failed: "the update failed", stopped: "the update was stopped" };

/** Restores the config, and the settings that were edited for the release. */
function restoreWithSettings(context: Context, reason: string): void {
  restore(context, reason);
  context.file.reload();
  const settings = restoreSettings(context);
  if (settings === undefined) return;
  console.error(
    `Its settings had been edited for the release (${settings.fields.join(", ")}) and were restored as well; the edited file is kept as ${settings.kept}.`,
  );
}

/**
 * Restores the config.
 * @throws Error if somebody else has changed the same part of it meanwhile.
 */
function restore({ app, stack, file }: Context, reason: string): void {
  const kept = file.restore();
  if (kept.length === 0) return;
  throw new Error(
    `${reason}, and the config was not restored: ${kept.join(", ")} changed meanwhile, and is kept with this change of ${app}. Undo it there, and then run "pulumi up --stack ${stack}".`,
  );
}

/** Whether the cluster runs what a plan asks for; false if the cluster cannot be read. */
async function isInPlace(context: Context, plan: Plan, look: typeof liveOf): Promise<boolean> {
  const live = await look(context);
  if (live.kind !== "seen" || live.app === undefined) return false;
  const { app } = configOf(context);
  return notAsPlanned(plan, live.app, context.app, entranceOf(app)).length === 0;
}

async function failedCheck(
  context: Context,
  check: typeof checkCanary,
): Promise<string | undefined> {
  const result = await check(context);
  return result?.verdict === "fail" ? "the canary failed its check" : undefined;
}

/**
 * Sets the canary's weight to 0 and runs the update. The canary keeps running, and can still be reached by
 * its header. The canary of a worker stops.
 * @throws Error if the update fails: requests may still reach the canary.
 */
export async function takeTrafficAway(context: Context, up: Update = releaseUp): Promise<void> {
  context.file.setWeight(context.app, 0);
  context.file.save();
  const shares = isWorker(configOf(context).app);
  const then = shares
    ? "stable does all the work, and the canary's pods stop"
    : "stable takes all requests";
  console.error(`The canary of ${context.app} failed its check; ${then}.`);
  if ((await holdSignals(async () => up(context))) !== "succeeded") {
    throw new Error(
      `The update failed, so the canary of ${context.app} may still have its share; run "pulumi up --stack ${context.stack}" when the cause is fixed.`,
    );
  }
}
