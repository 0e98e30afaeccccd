import { isWorker } from "../app/kinds";
import type { Apps } from "./sections";
import { duplicates, expected, show, type ConfigError } from "../errors";

/** Maximum length of a Service's name: that of a DNS label. */
const longestServiceName = 63;

/**
 * Checks the names of Services, which contain the names of the app and of the external service: two apps could
 * produce the same name.
 */
export function serviceNames(apps: Apps): ConfigError[] {
  const names = apps.flatMap(([app, config]) => {
    const { externalServices, number } = config;
    const nodePort = number === undefined ? [] : ["nodeport"];
    const roles = isWorker(config) ? [] : ["stable", "canary", ...nodePort];
    return [
      ...roles.map((role): [string, string] => [`platform:apps.${app}`, `${app}-${role}`]),
      ...Object.keys(externalServices).map((name): [string, string] => [
        `platform:apps.${app}.externalServices.${name}`,
        `${app}-${name}`,
      ]),
    ];
  });
  const tooLong = names
    .filter(([, name]) => name.length > longestServiceName)
    .map(([key, name]) => ({
      key,
      message: expected(
        `at most ${longestServiceName} characters in the Service name <app>-<name>`,
        `${show(name)} of ${name.length}`,
      ),
    }));
  return [...tooLong, ...duplicates(names, "a Service name")];
}
