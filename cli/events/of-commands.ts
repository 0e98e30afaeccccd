import { join } from "node:path";
import { readAppFiles, withAppFiles } from "../../config/app-files";
import { reasonOf } from "../../config/reason";
import { stackFile } from "../../config/stack-file";
import { configIn, platformValues, readYaml } from "../../config/yaml";
import { lookup } from "../../config/lookup";
import { isMap } from "../../config/is-map";
import { isWorker as isWorkerApp } from "../../config/app/kinds";
import { notifications, type Receiver } from "../../config/notifications";
import { stackOutputs, type Target } from "../../engine/pulumi";
import { parseAppRecord, transitions, type AppRecord } from "../../releases";
import { transitionEvent, type Place, type ReleaseEvent } from "./event";
import { notify } from "./notify";

/** The part of a stack's config that events need, by key without `platform:`. */
export type Values = Record<string, unknown>;

const folder = join(".local", "events");

/** Returns the receivers of a stack; none if the section is invalid, which the preview reports. */
export function receiversIn(values: Values): Receiver[] {
  const parsed = notifications.safeParse(values["notifications"]);
  return parsed.success ? parsed.data : [];
}

/** Returns the environment, team and stack of an app. */
export function placeOf(values: Values, stack: string, app: string): Place {
  const declared = isMap(values["apps"]) ? lookup(values["apps"], app) : undefined;
  const team =
    isMap(declared) && typeof declared["team"] === "string" ? declared["team"] : undefined;
  const isWorker = isMap(declared) && isWorkerApp(declared);
  return { app, team, environment: String(values["environment"]), stack, isWorker };
}

/** Returns the config in a stack file, with the apps of the files that it names. */
export function stackValues(stack: string, file = stackFile(stack)): Values {
  const values = platformValues(configIn(file, readYaml(file).document));
  return withAppFiles(values, readAppFiles(values["appFiles"])).values;
}

/** Sends events to a stack's receivers, and warns about those that could not be sent. */
export async function sendEvents(values: Values, events: readonly ReleaseEvent[]): Promise<void> {
  const receivers = receiversIn(values);
  const problems = await notify(events, { receivers, environment: process.env, folder });
  for (const problem of problems) console.error(`  WARNING: ${problem}`);
}

/**
 * Runs an update and sends an event for every transition that it recorded, even if it failed: an update that
 * was undone has also made transitions.
 * @param values returns the stack's config with the apps of its files; it is called after the update.
 */
export async function runAndSendEvents<Result>(
  target: Target,
  values: () => Values,
  update: () => Promise<Result>,
): Promise<Result> {
  if (receiversIn(values()).length === 0) return update();
  const before = releasesOf(target);
  const started = new Date().toISOString();
  try {
    return await update();
  } finally {
    const events = eventsBetween(before, releasesOf(target), started, (app) =>
      placeOf(values(), target.stack, app),
    );
    await sendEvents(values(), events);
  }
}

/**
 * Returns the events that an update recorded.
 * @param started when it began: older transitions belong to another update, which sent them.
 */
export function eventsBetween(
  before: Record<string, unknown> | undefined,
  after: Record<string, unknown> | undefined,
  started: string,
  place: (app: string) => Place,
): ReleaseEvent[] {
  if (before === undefined || after === undefined) return [];
  return Object.entries(after).flatMap(([app, value]) => {
    const record = readable(value, app);
    if (record === undefined) return [];
    const former = lookup(before, app);
    return transitions(former === undefined ? undefined : readable(former, app), record)
      .filter(({ at }) => at >= started)
      .map((transition) => transitionEvent(place(app), transition));
  });
}

/** A damaged record fails the update itself, which reports the reason. */
function readable(value: unknown, app: string): AppRecord | undefined {
  try {
    return parseAppRecord(value, app);
  } catch {
    return undefined;
  }
}

function releasesOf(target: Target): Record<string, unknown> | undefined {
  try {
    return (stackOutputs(target)["releases"] ?? {}) as Record<string, unknown>;
  } catch (error) {
    const text = reasonOf(error);
    console.error(`  WARNING: events are not sent: ${text}`);
    return undefined;
  }
}
