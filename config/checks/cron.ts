import type { Apps } from "./sections";
import { duplicates, expected, keyOf, show, type ConfigError } from "../errors";

/** Maximum length of a CronJob's name; the names of its Jobs are 11 characters longer. */
const longest = 52;

/**
 * Checks the names of CronJobs, `<app>-<job>`: two apps could produce the same name. The engine refuses it in two
 * namespaces as well, because they are not part of a resource's name.
 */
export function cronChecks(apps: Apps): ConfigError[] {
  const names = apps.flatMap(([app, { cron }]) =>
    Object.keys(cron).map((job) => ({
      key: keyOf("platform:apps", [app, "cron", job]),
      name: `${app}-${job}`,
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
      names.map(({ key, name }) => [key, name]),
      "a CronJob name",
    ),
  ];
}
