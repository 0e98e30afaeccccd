import { isMap } from "../config/is-map";
import { lookup } from "../config/lookup";
import type { Json, Template } from "./template";

/** Schedules of an app's jobs, by name; they are not part of a release. */
export type Schedules = Record<string, Json>;

/**
 * Returns the schedules of every job of the live releases: from the config, or as recorded if the config no
 * longer has the job. A job of the stable release runs until that is no longer stable, even while a canary
 * without the job exists.
 */
export function schedulesOf(
  asked: Schedules | undefined,
  record: { schedules?: Schedules } | undefined,
  templates: readonly Template[],
): Schedules | undefined {
  const known = { ...record?.schedules, ...asked };
  const jobs = new Set(templates.flatMap((template) => Object.keys(jobsOf(template))));
  const kept = Object.entries(known).filter(([job]) => jobs.has(job));
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

/** Returns what a release's jobs run, by name. */
export function jobsOf(template: Template): { [job: string]: Json } {
  const jobs = lookup(template, "cron");
  return isMap(jobs) ? jobs : {};
}
