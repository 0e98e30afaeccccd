import { dashboardHost } from "../hosts";
import { pageHosts } from "../components/monitoring";
import type { Apps, ParsedSections } from "./sections";
import { keyOf, duplicates, type ConfigError } from "../errors";

/** The dashboard's host is nobody else's. */
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
    ...apps.map(([name, app]): [string, string] => [
      keyOf("platform:apps", [name, "domain"]),
      app.domain,
    ]),
  ];
  const key = "platform:components.dashboard.host";
  // Only its own: what two others share is told elsewhere.
  return others
    .filter(([, host]) => host === own)
    .flatMap((other) => duplicates([other, [key, own]], "a host name"));
}
