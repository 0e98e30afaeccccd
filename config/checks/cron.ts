import { objectNames } from "../object-names";
import type { Apps } from "./sections";
import { expected, keyOf, show, type ConfigError } from "../errors";

/** Maximum length of a CronJob's name; the names of its Jobs are 11 characters longer. */
const longest = 52;

/** Checks the length of the names of CronJobs, `<app>-<job>`. */
export function cronChecks(apps: Apps): ConfigError[] {
  return apps.flatMap(([app, config]) =>
    objectNames(app, config)
      .filter(({ kind, name }) => kind === "a CronJob name" && name.length > longest)
      .map(({ path, name }) => ({
        key: keyOf("platform:apps", [app, ...path]),
        message: expected(
          `at most ${longest} characters in the CronJob name <app>-<job>`,
          `${show(name)} of ${name.length}`,
        ),
      })),
  );
}
