import { isWorker } from "../app/kinds";
import type { Apps } from "./sections";
import { duplicates, expected, show, type ConfigError } from "../errors";

/** Longest name of a Service: a DNS label. */
const longestServiceName = 63;

/** Services are named after the app and what they are for, and two apps may come to one name. */
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
