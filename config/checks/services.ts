import { objectNames } from "../object-names";
import type { Apps } from "./sections";
import { expected, keyOf, show, type ConfigError } from "../errors";

/** Maximum length of a Service's name: that of a DNS label. */
const longestServiceName = 63;

/** Checks the length of the names of Services, which contain the names of the app and of the external service. */
export function serviceNames(apps: Apps): ConfigError[] {
  return apps.flatMap(([app, config]) =>
    objectNames(app, config)
      .filter(({ kind, name }) => kind === "a Service name" && name.length > longestServiceName)
      .map(({ path, name }) => ({
        key: keyOf("platform:apps", [app, ...path]),
        message: expected(
          `at most ${longestServiceName} characters in the Service name <app>-<name>`,
          `${show(name)} of ${name.length}`,
        ),
      })),
  );
}
