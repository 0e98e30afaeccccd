import { checkCanary } from "./check";
import { isWorker } from "../../config/app/kinds";
import { IllegalReleases } from "../../program/releases";
import { steadyReleases } from "../../program/steady";
import { configOf, isUnreleased, planOf, type Context } from "./context";
import { liveOf } from "./live";
import { OpenStack } from "./open";
import { entranceOf, notAsPlanned } from "../../program/wait/recorded";
import type { Plan } from "../../releases";
import { putSettingsBack } from "./settings";
import { exportState, pulumiUp, type Target, type Ended } from "../../engine/pulumi";
import {
  unreadyDeployments,
  unreadyPlatform,
  type State,
  type StateResource,
} from "../../engine/state";

/**
 * Updates a stack for the sake of a release. A part of the platform that was not ready at the last
 * update or refresh is left as it is, as are the pods of steady releases: the engine would wait for it
 * again, half an hour for some, hold the stack's lock against a rollback all that time, and fail in the end.
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

/** Returns the Deployments that were not ready, of releases that the update with the files as they stand leaves alone. */
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

/** Returns the steady releases of an app; none if the update is refused, which says why itself. */
function steadyIn(context: Context): string[] {
  try {
    const { app } = configOf(context);
    return steadyReleases(context.app, app, planOf(context), context.record);
  } catch (error) {
    if (error instanceof IllegalReleases) return [];
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

/** What {@link updateOrRevert} works with. */
interface UpdateOptions {
  up?: Update;
  check?: typeof checkCanary;
  /** Whether the change goes back to a former release, or ends a canary. Default: false. */
  goesBack?: boolean;
  /** Reads what the cluster runs. */
  look?: typeof liveOf;
}

/**
 * Runs the update that the saved file asks for. If it fails, or the canary fails its check, the
 * former file is put back and the update runs again with that; where another update holds the stack's
 * lock, nothing was changed, and nothing is to be undone but the file. A change that goes back and is in
 * place is not undone, whatever else of the update failed: the former config would send the requests to
 * the release that somebody has left.
 * @returns whether the whole update stands.
 */
export async function updateOrRevert(
  context: Context,
  { up = releaseUp, check = checkCanary, goesBack = false, look = liveOf }: UpdateOptions = {},
): Promise<boolean> {
  const plan = goesBack ? planOf(context) : undefined;
  const updated = await up(context);
  if (updated === "locked") {
    context.file.restore();
    console.error("Nothing was changed; the former config is put back.");
    return false;
  }
  const reason = updated === "succeeded" ? await failedCheck(context, check) : "the update failed";
  if (reason === undefined) return true;
  if (plan !== undefined && (await isInPlace(context, plan, look))) {
    console.error(
      `${context.app} went back, and something else of the update failed: the config stays as it is. Run "pulumi up --stack ${context.stack}" when the cause is fixed.`,
    );
    return false;
  }
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

/** Whether the cluster runs what a plan asks for; false where it cannot be seen. */
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
