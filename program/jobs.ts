import { cronTimes, type AppConfig, type CronTimes } from "../config";
import { jobsOf, type Plan, type Schedules } from "../releases";

/** Returns the schedules of an app's jobs, in the form of its record. */
export function schedulesIn({ cron }: Pick<AppConfig, "cron">): Schedules {
  return JSON.parse(JSON.stringify(cronTimes.parse(cron))) as Schedules;
}

/**
 * Returns the schedules of an app's jobs: from the config, or as recorded if only a live release has the job.
 */
export function jobTimes(
  { cron }: Pick<AppConfig, "cron">,
  { next }: Pick<Plan, "next">,
): CronTimes {
  return { ...cronTimes.parse(next.schedules ?? {}), ...cron };
}

/** Returns the jobs that differ between the config and the stable release, a sentence each. */
export function jobTexts(app: Pick<AppConfig, "cron">, plan: Plan): string[] {
  const stable = plan.releases.find(({ name }) => name === plan.services.stable);
  const known = stable === undefined ? {} : jobsOf(stable.template);
  const later = Object.keys(app.cron).filter((job) => !Object.hasOwn(known, job));
  const kept = Object.keys(jobTimes(app, plan)).filter(
    (job) => Object.hasOwn(known, job) && !Object.hasOwn(app.cron, job),
  );
  return [
    ...later.map((job) => `cron ${job} runs once a release that has it is stable`),
    ...kept.map((job) => `cron ${job} continues until a release without it is stable`),
  ];
}
