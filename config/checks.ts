import type { AppConfig } from "./app";
import { loggingChecks } from "./checks/logging";
import { show, type ConfigError } from "./errors";
import { nodePortOf } from "./node-ports";
import type { StackConfig } from "./stack";

/** The sections of a stack that parsed; a section with errors of its own is left out. */
export type ParsedSections = Partial<StackConfig>;

/** What no single key can tell: names that must exist, and things that only one app may hold. */
export function crossChecks(stack: ParsedSections): ConfigError[] {
  const apps = Object.entries(stack.apps ?? {});
  return [
    ...unknownTeams(apps, stack),
    ...unknownNodeGroups(apps, stack),
    ...duplicateDomains(apps),
    ...nodePortClashes(apps, stack),
    ...canaryIsStable(apps),
    ...branchOutsideOfTest(stack),
    ...loggingChecks(stack),
  ];
}

type Apps = [string, AppConfig][];

function unknownTeams(apps: Apps, stack: ParsedSections): ConfigError[] {
  const teams = stack.components?.tenancy?.teams;
  if (teams === undefined) return [];
  return apps
    .filter(([, app]) => !(app.team in teams))
    .map(([name, app]) => ({
      key: `platform:apps.${name}.team`,
      message: `"${app.team}" is given, allowed is a team of platform:components.tenancy.teams: ${Object.keys(teams).sort().join(", ")}`,
    }));
}

function unknownNodeGroups(apps: Apps, { nodeGroups }: ParsedSections): ConfigError[] {
  if (nodeGroups === undefined) return [];
  const known = Object.keys(nodeGroups).sort();
  return apps.flatMap(([name, { nodeGroup }]) =>
    nodeGroup === undefined || known.includes(nodeGroup)
      ? []
      : [
          {
            key: `platform:apps.${name}.nodeGroup`,
            message: `"${nodeGroup}" is given, allowed is a group of platform:nodeGroups: ${known.join(", ") || "there is none"}`,
          },
        ],
  );
}

function duplicateDomains(apps: Apps): ConfigError[] {
  return duplicates(
    apps.map(([name, { domain }]) => [`platform:apps.${name}.domain`, domain]),
    "a host of its own",
  );
}

/** Fixed ports of apps, and the gateway's own, are ports of the same machines. */
function nodePortClashes(apps: Apps, stack: ParsedSections): ConfigError[] {
  const { environment } = stack;
  if (environment === undefined) return [];
  const exposure = stack.components?.gateway?.exposure;
  const gateway = "platform:components.gateway.exposure";
  const taken: [string, number][] =
    exposure?.type === "NodePort"
      ? [
          [`${gateway}.http`, exposure.http],
          [`${gateway}.https`, exposure.https],
        ]
      : [];
  const numbered = apps.flatMap(([name, { number }]): [string, number][] => {
    const key = `platform:apps.${name}.number`;
    return number === undefined ? [] : [[key, nodePortOf(environment, number)]];
  });
  return duplicates([...taken, ...numbered], "a node port of its own");
}

/** Errors for every value that an earlier key has already. */
function duplicates(values: [key: string, value: string | number][], own: string): ConfigError[] {
  const owners = new Map<string | number, string>();
  return values.flatMap(([key, value]) => {
    const owner = owners.get(value);
    if (owner === undefined) {
      owners.set(value, key);
      return [];
    }
    return [
      { key, message: `${show(value)} is given, which ${owner} has already; allowed is ${own}` },
    ];
  });
}

function branchOutsideOfTest({ branch, environment }: ParsedSections): ConfigError[] {
  if (branch === undefined || environment === undefined || environment === "test") return [];
  return [
    {
      key: "platform:branch",
      message: `${show(branch)} is given in environment ${environment}; a branch has an environment of its own in test only`,
    },
  ];
}

function canaryIsStable(apps: Apps): ConfigError[] {
  return apps
    .filter(
      ([, { stable, canary }]) =>
        canary?.version === stable.version && canary.revision === stable.revision,
    )
    .map(([name, { stable }]) => ({
      key: `platform:apps.${name}.canary.version`,
      message: `"${stable.version}" is given, which is the stable release already; allowed is another version, or a higher revision`,
    }));
}
