import { ClusterReader } from "../../cluster/reader";
import { namespaceOf, ProgramError } from "../../config";
import { capacityOf, type Capacity } from "../../program/capacity";
import { podSentences } from "../../program/capacity-texts";
import { liveApps } from "../../program/wait/live-app";
import { notAsRecorded } from "../../program/live-differences";
import type { Plan } from "../../releases";
import { newestRecords } from "../../program/newest-records";
import { recordFrom } from "../../program/records";
import { configOf, type Context, type Live } from "./context";
import { exportState } from "../../engine/pulumi";

/**
 * The context with what the cluster runs, and with the newest record where that is not what the last
 * successful update recorded. A command goes on without a cluster, and says that it did not look.
 */
export async function looked(context: Context): Promise<Context> {
  const live = await liveOf(context);
  const record = newestRecordOf(context, live);
  return { ...context, live, record };
}

async function liveOf(context: Context): Promise<Live> {
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

/** An update that failed for another app may have recorded this one. */
function newestRecordOf(context: Context, live: Live): Context["record"] {
  const { app, record } = context;
  if (live.kind === "unseen" || record === undefined) return record;
  if (notAsRecorded(record, live.app, app).length === 0) return record;
  const { deployment } = exportState(context);
  const { [app]: newest } = newestRecords({ [app]: record }, deployment.resources ?? []);
  return recordFrom(newest, app);
}

/** Where the cluster is not as recorded, or why that is not known, a sentence each. */
export function differencesOf({ app, record, live }: Context): string[] {
  if (live === undefined) return [];
  if (live.kind === "unseen") return [`what the cluster runs is not known: ${live.reason}`];
  return record === undefined ? [] : notAsRecorded(record, live.app, app);
}

/** Order and pods of what an update would do; nothing where the cluster was not seen. */
export function liveCapacity(context: Context, plan: Plan): Capacity | undefined {
  const { app, record, live, now } = context;
  if (live?.kind !== "seen" || live.app === undefined) return undefined;
  const { scaling } = configOf(context).app;
  return capacityOf({ app, plan, record, live: live.app, scaling, now });
}

/** What an update would do about pods, a sentence each. */
export function podTexts(context: Context, plan: Plan): string[] {
  const capacity = liveCapacity(context, plan);
  if (capacity === undefined) return [];
  const { scaling } = configOf(context).app;
  return podSentences(plan, capacity, scaling).map(({ kind, text }) =>
    kind === "danger" ? `DANGER: ${text}` : text,
  );
}
