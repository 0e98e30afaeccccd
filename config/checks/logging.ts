import type { ParsedSections } from "./sections";
import { appHosts } from "./hosts";
import { kibanaHost } from "../components/logging";
import { expected, show, taken, type ConfigError } from "../errors";
import { storageClassErrors } from "./storage";

const key = "platform:components.logging";

/** Checks the log pipeline against other keys: hosts, names and domains that apps already use. */
export function loggingChecks({ components, domain, apps = {} }: ParsedSections): ConfigError[] {
  const logging = components?.logging;
  if (logging === undefined) return [];
  const own = Object.entries(apps);
  const page = domain === undefined ? undefined : kibanaHost(logging, domain);
  return [
    ...storageClassErrors(
      `${key}.storageClass`,
      logging.storageClass,
      "block",
      components?.storage,
    ),
    ...appHosts(own)
      .filter(([, host]) => host === page)
      .map(([owner]) => ({
        key: owner,
        message: taken("a host name", show(page), `Kibana (${key}.kibana.host)`),
      })),
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
