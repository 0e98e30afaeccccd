import { appHosts } from "./hosts";
import { pageHosts } from "../components/monitoring";
import { storageClassErrors } from "./storage";
import { expected, listed, show, taken, type ConfigError } from "../errors";
import type { ParsedSections } from "./sections";

const key = "platform:components.monitoring";

/**
 * Checks the monitoring against other keys: teams and classes that must exist, and hosts that apps already use.
 */
export function monitoringChecks(stack: ParsedSections): ConfigError[] {
  return [...unknownTeams(stack), ...takenHosts(stack), ...wrongClass(stack)];
}

function unknownTeams({ components }: ParsedSections): ConfigError[] {
  const teams = components?.tenancy?.teams;
  if (teams === undefined) return [];
  return Object.keys(components?.monitoring?.alertRoutes.teams ?? {})
    .filter((team) => !Object.hasOwn(teams, team))
    .map((team) => ({
      key: `${key}.alertRoutes.teams.${team}`,
      message: expected(
        `a team of platform:components.tenancy.teams (${listed(Object.keys(teams).sort())})`,
        show(team),
      ),
    }));
}

function takenHosts({ components, domain, apps = {} }: ParsedSections): ConfigError[] {
  if (components?.monitoring === undefined || domain === undefined) return [];
  return Object.entries(pageHosts(components.monitoring, domain)).flatMap(([page, host]) =>
    appHosts(Object.entries(apps))
      .filter(([, own]) => own === host)
      .map(([own]) => ({
        key: own,
        message: taken("a host name", show(host), `${key}.pages.${page}`),
      })),
  );
}

/** Checks the storage class: a shared class would sooner or later corrupt time series and SQLite files. */
function wrongClass({ components }: ParsedSections): ConfigError[] {
  const { monitoring, storage } = components ?? {};
  if (monitoring === undefined) return [];
  return storageClassErrors(`${key}.storageClass`, monitoring.storageClass, "block", storage);
}
