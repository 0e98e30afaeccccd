import { z } from "zod";
import { fiveFields, scheduleOf } from "../cron";
import { resources } from "../resources";
import { name } from "../values";
import { timeZones } from "./time-zones";

/** A time that recurs, as five cron fields. */
export const dailySchedule = scheduleOf(
  fiveFields,
  "five cron fields with one space between them: minute, hour, day of month, month, day of week, for example 30 2 * * *",
);

/** Time zone of a schedule. */
export const timeZone = z
  .string()
  .refine(
    (name) => timeZones.has(name),
    "a time zone of the IANA database, with its capital letters, such as Asia/Shanghai",
  )
  .default("Etc/UTC");

const count = z.int().min(0).max(50);

/** What a job runs, in the image and the environment of a release. */
export const jobWork = {
  /** Command as a list of words. It runs without a shell. */
  command: z.array(z.string().min(1)).min(1),
  /** CPU, memory and disk of the container. Default: those of the app's own container. */
  resources: resources.optional(),
};

/** When a job runs. */
const jobTime = {
  /** When the job runs: minute, hour, day of month, month and day of week, as numbers. Sunday is 0. */
  schedule: dailySchedule,
  timeZone,
  /** What happens if a run is due while the previous one is still active. */
  concurrencyPolicy: z.enum(["Forbid", "Replace", "Allow"]).default("Forbid"),
  /** Maximum time of all attempts of one run together, seconds. */
  activeDeadlineSeconds: z.int().min(1).max(604_800).default(3600),
  /** Number of retries after the first attempt of a run failed. */
  retries: z.int().min(0).max(10).default(0),
  /** Number of finished runs whose objects and logs are kept. */
  history: z
    .strictObject({
      /** Runs that succeeded. */
      successful: count.default(1),
      /** Runs that failed. */
      failed: count.default(3),
    })
    .prefault({}),
  /** Whether the schedule is suspended. An active run is not ended. */
  suspend: z.boolean().default(false),
};

/** One job that the stable release runs on a schedule. */
const cronJob = z.strictObject({ ...jobWork, ...jobTime });

/** Jobs of an app by name. */
export const cron = z.record(name, cronJob).default({});

/** The part of the jobs that belongs to a release. The rest can change without a release. */
export const cronWork = z.record(z.string(), z.strictObject(jobWork));

/** The schedules of jobs, by job name, without what they run. */
export const cronTimes = z.record(z.string(), z.object(jobTime));

/** @see {@link cronTimes} */
export type CronTimes = z.infer<typeof cronTimes>;
/** @see {@link cron} */
export type CronConfig = z.infer<typeof cron>;
/** @see {@link cronWork} */
export type CronWork = z.infer<typeof cronWork>;

/** Returns what a release's jobs run; undefined if the app has none. */
export function cronWorkOf(jobs: CronConfig): CronWork | undefined {
  const entries = Object.entries(jobs).map(([job, { command, resources: own }]) => {
    return [job, own === undefined ? { command } : { command, resources: own }] as const;
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
