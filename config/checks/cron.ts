import type { Apps } from "./sections";
import { duplicates, expected, keyOf, show, type ConfigError } from "../errors";

/** Maximum length of a CronJob's name; the names of its Jobs are 11 characters longer. */
const longest = 52;

/** Checks the names of CronJobs, `<app>-<job>`: two apps of a team could produce the same name. */
export function cronChecks(apps: Apps): ConfigError[] {
  const names = apps.flatMap(([app, { team, cron }]) =>
    Object.keys(cron).map((job) => ({
      key: keyOf("platform:apps", [app, "cron", job]),
      name: `${app}-${job}`,
      team,
    })),
  );
  return [
    ...names
      .filter(({ name }) => name.length > longest)
      .map(({ key, name }) => ({
        key,
        message: expected(
          `at most ${longest} characters in the CronJob name <app>-<job>`,
          `${show(name)} of ${name.length}`,
        ),
      })),
    ...duplicates(
      names.map(({ key, name, team }) => [key, `${name} of team ${team}`]),
      "a CronJob name",
    ),
  ];
}
