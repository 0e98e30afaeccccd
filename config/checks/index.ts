import { amountChecks } from "./amounts";
import { autoscalingChecks } from "./autoscaling";
import { artifactsChecks } from "./artifacts";
import { registryChecks } from "./registry";
import { backupChecks } from "./backup";
import { chartChecks } from "./charts";
import { branchChecks } from "./branch";
import { phpFpmChecks } from "./php-fpm";
import { podChecks } from "./pods";
import { podRequestChecks } from "./pod-requests";
import { platformStackChecks } from "./platform-stack";
import { callChecks } from "./calls";
import { ciChecks } from "./ci";
import { definitionChecks } from "./definitions";
import { externalSecretChecks } from "./external-secrets";
import { gatewayChecks } from "./gateway";
import { hostChecks, sharedHosts } from "./hosts";
import { kindChecks } from "./kinds";
import { loggingChecks } from "./logging";
import { monitoringChecks } from "./monitoring";
import { objectNameChecks, objectNameLengths } from "./object-names";
import { releaseChecks } from "./releases";
import { routePrecedence } from "./route-precedence";
import { runtimeChecks } from "./runtimes";
import { tenancyChecks } from "./tenancy";
import { tracingChecks } from "./tracing";
import { volumeChecks } from "./volumes";
import { duplicates, expected, listed, show, type ConfigError } from "../errors";
import { gatewayNodePorts, nodePortOf } from "../node-ports";
import type { Apps, ParsedSections } from "./sections";

/** Checks across keys: names that must exist, and values that only one app may have. */
export function crossChecks(stack: ParsedSections): ConfigError[] {
  const apps = Object.entries(stack.apps ?? {});
  return [
    ...unknownTeams(apps, stack),
    ...tenancyChecks(stack),
    ...unknownNodeGroups(apps, stack),
    ...sharedHosts(apps),
    ...routePrecedence(apps),
    ...nodePortClashes(apps, stack),
    ...hostChecks(apps, stack),
    ...podChecks(apps),
    ...phpFpmChecks(apps),
    ...podRequestChecks(apps),
    ...amountChecks(stack),
    ...registryChecks(stack.components?.registry),
    ...artifactsChecks(stack.components?.artifacts),
    ...releaseChecks(apps, stack),
    ...objectNameLengths(apps),
    ...objectNameChecks(apps),
    ...callChecks(apps, stack),
    ...externalSecretChecks(apps, stack),
    ...volumeChecks(apps, stack),
    ...autoscalingChecks(apps, stack),
    ...definitionChecks(stack.components),
    ...gatewayChecks(apps, stack),
    ...tracingChecks(stack),
    ...branchChecks(stack),
    ...platformStackChecks(stack),
    ...ciChecks(stack),
    ...runtimeChecks(apps, stack),
    ...kindChecks(apps, stack),
    ...monitoringChecks(stack),
    ...loggingChecks(stack),
    ...backupChecks(stack),
    ...chartChecks(stack),
  ];
}

function unknownTeams(apps: Apps, stack: ParsedSections): ConfigError[] {
  const teams = stack.components?.tenancy?.teams;
  if (teams === undefined) return [];
  const known = listed(Object.keys(teams).sort());
  return apps
    .filter(([, app]) => !Object.hasOwn(teams, app.team))
    .map(([name, app]) => ({
      key: `platform:apps.${name}.team`,
      message: expected(`a team of platform:components.tenancy.teams (${known})`, show(app.team)),
    }));
}

function unknownNodeGroups(apps: Apps, { nodeGroups, components }: ParsedSections): ConfigError[] {
  if (nodeGroups === undefined) return [];
  const known = listed(Object.keys(nodeGroups).sort());
  const named: [key: string, nodeGroup: string | undefined][] = [
    ["platform:components.placement.nodeGroup", components?.placement?.nodeGroup],
    ...apps.map(([name, { nodeGroup }]): [string, string | undefined] => [
      `platform:apps.${name}.nodeGroup`,
      nodeGroup,
    ]),
  ];
  return named.flatMap(([key, nodeGroup]) =>
    nodeGroup === undefined || Object.hasOwn(nodeGroups, nodeGroup)
      ? []
      : [
          {
            key,
            message: expected(`a group of platform:nodeGroups (${known})`, show(nodeGroup)),
          },
        ],
  );
}

/** Checks that no fixed port of an app or of the gateway is used twice on the nodes. */
function nodePortClashes(apps: Apps, stack: ParsedSections): ConfigError[] {
  const { environment } = stack;
  if (environment === undefined) return [];
  const numbered = apps.flatMap(([name, { number }]): [string, number][] => {
    const key = `platform:apps.${name}.number`;
    return number === undefined ? [] : [[key, nodePortOf(environment, number)]];
  });
  const ofGateway = stack.components === undefined ? [] : gatewayNodePorts(stack.components);
  return duplicates([...ofGateway, ...numbered], "a node port");
}
