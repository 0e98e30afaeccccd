import { dashboardHost } from "../hosts";
import { pageHosts } from "../components/monitoring";
import type { Apps, ParsedSections } from "./sections";
import { appHosts } from "./hosts";
import { duplicates, type ConfigError } from "../errors";

/** Checks that nothing else uses the dashboard's host. */
export function dashboardChecks(apps: Apps, { components, domain }: ParsedSections): ConfigError[] {
  if (components?.dashboard === undefined || domain === undefined) return [];
  const { monitoring, dashboard } = components;
  const pages: [string, string][] =
    monitoring === undefined ? [] : Object.entries({ ...pageHosts(monitoring, domain) });
  const own = dashboardHost(dashboard, domain);
  const others: [string, string][] = [
    ...pages.map(([page, host]): [string, string] => [
      `platform:components.monitoring.pages.${page}`,
      host,
    ]),
    ...appHosts(apps),
  ];
  const key = "platform:components.dashboard.host";
  // Only clashes with the dashboard's host: another check reports the others.
  return others
    .filter(([, host]) => host === own)
    .flatMap((other) => duplicates([other, [key, own]], "a host name"));
}
