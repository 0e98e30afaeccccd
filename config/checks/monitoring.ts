import { storageClassErrors } from "./storage";
import { expected, listed, show, type ConfigError } from "../errors";
import type { ParsedSections } from "./sections";

const key = "platform:components.monitoring";

/** Checks the monitoring against other keys: teams and classes that must exist. */
export function monitoringChecks(stack: ParsedSections): ConfigError[] {
  return [...unknownTeams(stack), ...wrongClass(stack)];
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

/** Checks the storage class: a shared class would sooner or later corrupt time series and SQLite files. */
function wrongClass({ components }: ParsedSections): ConfigError[] {
  const { monitoring, storage } = components ?? {};
  if (monitoring === undefined) return [];
  return storageClassErrors(`${key}.storageClass`, monitoring.storageClass, "block", storage);
}
