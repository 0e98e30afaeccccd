import { cronTimes, type AppConfig, type CronTimes } from "../config";
import { jobsOf, type Plan, type Schedules } from "../releases";

/** When the jobs of an app run, as its record keeps it. */
export function schedulesIn({ cron }: Pick<AppConfig, "cron">): Schedules {
  return JSON.parse(JSON.stringify(cronTimes.parse(cron))) as Schedules;
}

/** When the jobs of an app run: as the config says, or as recorded, where only a live release has them. */
export function jobTimes(
  { cron }: Pick<AppConfig, "cron">,
  { next }: Pick<Plan, "next">,
): CronTimes {
  return { ...cronTimes.parse(next.schedules ?? {}), ...cron };
}

/** Jobs in which the config and the stable release differ, a sentence each. */
export function jobTexts(app: Pick<AppConfig, "cron">, plan: Plan): string[] {
  const stable = plan.releases.find(({ name }) => name === plan.services.stable);
  const known = stable === undefined ? {} : jobsOf(stable.template);
  const later = Object.keys(app.cron).filter((job) => !Object.hasOwn(known, job));
  const kept = Object.keys(jobTimes(app, plan)).filter(
    (job) => Object.hasOwn(known, job) && !Object.hasOwn(app.cron, job),
  );
  return [
    ...later.map((job) => `cron ${job} runs once a release that has it is stable`),
    ...kept.map((job) => `cron ${job} goes on until a release without it is stable`),
  ];
}
