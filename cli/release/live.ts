import { ClusterReader } from "../../cluster/reader";
import { namespaceOf, ProgramError } from "../../config";
import { capacityOf, type Capacity } from "../../program/capacity";
import { podSentences } from "../../program/capacity-texts";
import { liveApps } from "../../program/wait/live-app";
import { entranceOf } from "../../program/wait/recorded";
import { nodePortTexts } from "../../program/node-port";
import { notAsRecorded } from "../../program/live-differences";
import type { Plan } from "../../releases";
import { newestRecords } from "../../program/newest-records";
import { recordFrom } from "../../program/records";
import { unfinishedMoves } from "../../program/unfinished-moves";
import { configOf, isUnreleased, type Context, type Live } from "./context";

/**
 * Adds to the context what the cluster runs, and the newest record. If the cluster cannot be read, a command continues
 * and says so.
 */
export async function readLive(context: Context): Promise<Context> {
  // Before its first release an app has nothing in the cluster.
  if (isUnreleased(context)) return context;
  const live = await liveOf(context);
  const record = newestRecordOf(context);
  return { ...context, live, record, unfinished: unfinishedMoveOf(context, record) };
}

/** Returns the target namespace of an unfinished move that an update with the current file would revert. */
function unfinishedMoveOf(context: Context, newest: Context["record"]): string | undefined {
  const { app: name, record: last, resources = [] } = context;
  const { app, stack } = configOf(context);
  const only = { ...stack, apps: { [name]: app } };
  return unfinishedMoves(only, { [name]: last }, { [name]: newest }, resources)[name];
}

/** Reads what the cluster runs of an app. */
export async function liveOf(context: Context): Promise<Live> {
  const { app, stack } = configOf(context);
  const namespace = context.namespace ?? namespaceOf(app.team, stack);
  try {
    const reader = new ClusterReader(stack.cluster);
    try {
      const { [context.app]: found } = await liveApps({ [context.app]: namespace }, reader);
      return { kind: "seen", app: found };
    } finally {
      reader.close();
    }
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    return { kind: "unseen", reason: error.message };
  }
}

/** Returns the newest record: an update that failed for another app may have recorded this one. */
function newestRecordOf({ app, record, resources = [] }: Context): Context["record"] {
  const { [app]: newest } = newestRecords({ [app]: record }, resources);
  return newest === undefined ? undefined : recordFrom(newest, app);
}

/** Returns the differences of the cluster from the record, or why they are unknown, a sentence each. */
export function differencesOf(context: Context): string[] {
  const { app, record, live } = context;
  if (live === undefined) return [];
  if (live.kind === "unseen") return [`what the cluster runs is not known: ${live.reason}`];
  if (record === undefined) return [];
  return notAsRecorded(record, live.app, app, entranceOf(configOf(context).app));
}

/** Returns the order and the pods of an update; undefined if the cluster was not read. */
export function liveCapacity(context: Context, plan: Plan): Capacity | undefined {
  const { app, record, live, now } = context;
  if (live?.kind !== "seen" || live.app === undefined) return undefined;
  const { scaling, kind } = configOf(context).app;
  // These objects are in the namespace of the last update.
  const seen =
    plan.move === undefined ? live.app : { services: {}, releases: {}, former: live.app };
  return capacityOf({ app, plan, record, live: seen, scaling, kind, now });
}

/** Returns what an update would do about pods, a sentence each. */
export function podTexts(context: Context, plan: Plan): string[] {
  const { app, stack } = configOf(context);
  const capacity = liveCapacity(context, plan);
  const pods = capacity === undefined ? [] : podSentences(plan, capacity, app.scaling);
  return [
    ...nodePortTexts(app, stack.environment, plan),
    ...pods.map(({ kind, text }) => (kind === "danger" ? `DANGER: ${text}` : text)),
  ];
}
