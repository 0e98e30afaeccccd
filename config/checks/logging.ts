import type { ParsedSections } from "./sections";
import { expected, show, type ConfigError } from "../errors";
import { storageClassErrors } from "./storage";

const key = "platform:components.logging";

/** Checks the log pipeline against other keys: a class that must exist, names and domains that apps already use. */
export function loggingChecks({ components, apps = {} }: ParsedSections): ConfigError[] {
  const logging = components?.logging;
  if (logging === undefined) return [];
  const own = Object.entries(apps);
  return [
    ...storageClassErrors(
      `${key}.storageClass`,
      logging.storageClass,
      "block",
      components?.storage,
    ),
    ...Object.entries(logging.otherApps).flatMap(([name, host]) =>
      own
        .filter(([app, config]) => app === name || config.domain === host)
        .map(([app]) => ({
          key: `${key}.otherApps.${name}`,
          message: expected("an app of another stack", `${show(host)} of platform:apps.${app}`),
        })),
    ),
  ];
}
