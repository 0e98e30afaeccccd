import { expected, keyOf, show, taken, type ConfigError } from "../errors";
import { objectNames, type ObjectName } from "../object-names";
import type { Apps } from "./sections";

/**
 * Checks that no two apps declare one object. The engine also refuses the same name in two namespaces, because the
 * namespace is not part of a resource's name.
 */
export function objectNameChecks(apps: Apps): ConfigError[] {
  const owners = new Map<string, string>();
  return apps.flatMap(([app, config]) =>
    objectNames(app, config).flatMap(({ kind, path, name, id }) => {
      const key = keyOf("platform:apps", [app, ...path]);
      const owner = owners.get(id);
      if (owner === undefined) {
        owners.set(id, key);
        return [];
      }
      return [{ key, message: taken(kind, show(name), owner) }];
    }),
  );
}

/** The form of names, and their maximum length. Claims and Secrets may have names of 253 characters. */
const limits: Partial<Record<ObjectName["kind"], { form: string; longest: number }>> = {
  // That of a DNS label.
  "a Service name": { form: "Service name <app>-<name>", longest: 63 },
  // The names of its Jobs are 11 characters longer.
  "a CronJob name": { form: "CronJob name <app>-<job>", longest: 52 },
};

/** Checks the length of the names of Services and CronJobs, which contain the name of the app. */
export function objectNameLengths(apps: Apps): ConfigError[] {
  return apps.flatMap(([app, config]) =>
    objectNames(app, config).flatMap(({ kind, path, name }) => {
      const limit = limits[kind];
      if (limit === undefined || name.length <= limit.longest) return [];
      const { form, longest } = limit;
      const message = expected(
        `at most ${longest} characters in the ${form}`,
        `${show(name)} of ${name.length}`,
      );
      return [{ key: keyOf("platform:apps", [app, ...path]), message }];
    }),
  );
}
