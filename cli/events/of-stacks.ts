import { platformValues } from "../../config/yaml";
import type { Engine } from "../../engine/runs";
import type { StackEntry } from "../stacks/discover";
import { eventsBetween, placeOf, receiversIn, sendEvents } from "./of-commands";

/** Runs the update of one of many stacks, and sends the events that it recorded, even if it failed. */
export async function withStackEvents<Result>(
  { name, config }: Pick<StackEntry, "name" | "config">,
  engine: Pick<Engine, "outputs">,
  update: () => Promise<Result>,
  send: typeof sendEvents = sendEvents,
): Promise<Result> {
  const values = platformValues(config);
  if (receiversIn(values).length === 0) return update();
  const before = await releasesOf(engine, name);
  const started = new Date().toISOString();
  try {
    return await update();
  } finally {
    const after = await releasesOf(engine, name);
    if (before === undefined || after === undefined) {
      console.error(`  WARNING: events of stack ${name} are not sent: its outputs cannot be read`);
    }
    const events = eventsBetween(before, after, started, (app) => placeOf(values, name, app));
    await send(values, events);
  }
}

/**
 * Sends the events that a stack's record contains since a time, for an update that no command of the platform
 * ran.
 */
export async function sendEventsSince(
  { name, config }: Pick<StackEntry, "name" | "config">,
  engine: Pick<Engine, "outputs">,
  since: string,
  send: typeof sendEvents = sendEvents,
): Promise<number> {
  const values = platformValues(config);
  const after = await releasesOf(engine, name);
  if (after === undefined) throw new Error(`The outputs of stack ${name} cannot be read.`);
  const events = eventsBetween({}, after, since, (app) => placeOf(values, name, app));
  await send(values, events);
  return events.length;
}

async function releasesOf(
  engine: Pick<Engine, "outputs">,
  stack: string,
): Promise<Record<string, unknown> | undefined> {
  const outputs = await engine.outputs(stack);
  return outputs && ((outputs["releases"] ?? {}) as Record<string, unknown>);
}
