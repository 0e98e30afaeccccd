import * as pulumi from "@pulumi/pulumi";
import { reasonOf } from "../config/reason";
import type { AppStack, ResolvedStack, PlatformDefaults } from "./app-platform";
import {
  canaryNeedsCheck,
  collectorEndpoint,
  noPrometheus,
  platformFacts,
  ProgramError,
  type PlatformFacts,
  type StackConfig,
} from "../config";
import { textWithFiles, selectedFiles } from "../config/app-files";
import { byKeda } from "../config/app/scaling";
import { limits, outsideHostname, uselessCertificates } from "../config/checks/gateway";
import { platformStoreErrors } from "../config/checks/external-secrets";
import { volumeClassMisfits } from "../config/checks/volumes";
import { classesByPurpose } from "../config/components/storage";
import { foreignRepositories, repositoryHostsOf } from "../config/repositories";
import { entrancesOf, takenEntrances } from "../config/platform-entrances";
import type { RoutedPackage } from "./charts";
import { withPackages } from "./charts/routes";
import { groupsOf } from "./groups";
import { foreignPipelines } from "./pipelines";
import { refuseClashes } from "./neighbours";
import { outputsOf, ownName } from "./outputs";
import type { ReadOutputs } from "./proofs";

/**
 * Reads the platform stack's output `platform`, if the config names such a stack.
 * @throws ProgramError if it cannot be read or does not fit the stack, or if another stack of the same platform
 * already uses a unique value.
 */
export async function joinPlatformStack(config: StackConfig): Promise<AppStack & ResolvedStack> {
  refuseClashes(pulumi.getStack(), config);
  const { ci } = config.components;
  const stack = {
    ...config,
    groups: groupsOf(pulumi.getStack(), config),
    ...(ci && { pipelines: foreignPipelines(pulumi.getStack(), ci.stacks) }),
  };
  if (stack.platformStack !== undefined && stack.platformStack === ownName()) {
    throw new ProgramError(
      `platform:platformStack: expected another stack, got ${stack.platformStack}, which is this stack itself; name the stack that declares the platform, or leave it out.`,
    );
  }
  return resolveStack(stack, outputsOf);
}

/**
 * Returns the stack with its platform stack's output `platform`, which `readOutputs` reads.
 * @throws ProgramError if it cannot be read or does not fit the stack.
 */
export async function resolveStack<Stack extends StackConfig>(
  stack: Stack,
  readOutputs: ReadOutputs,
): Promise<Stack & ResolvedStack> {
  const name = stack.platformStack;
  if (name === undefined) return { ...stack, platform: undefined };
  const platform = factsIn(name, await read(name, readOutputs));
  const problems = misfits(stack, platform);
  if (problems.length > 0) {
    const { origins } = selectedFiles(stack.appFiles);
    const lines = problems.map((problem) => `  ${textWithFiles(problem, origins)}`);
    throw new ProgramError(
      [`Platform stack ${name} does not fit this stack; nothing was changed.`, ...lines].join("\n"),
    );
  }
  return { ...stack, platform };
}

/** Returns the output `platform` of a stack that declares the platform; undefined for an app stack. */
export function platformStackOutput(
  { environment, domain, components, platform, releases, secretStores }: AppStack,
  {
    gateway,
    namespaces,
    pullSecrets,
    placement,
    requestScaling,
    scheme,
    packages,
  }: PlatformDefaults & { packages: readonly RoutedPackage[] },
): { platform?: object } {
  if (platform !== undefined) return {};
  return {
    platform: {
      environment,
      gateway,
      scheme,
      ...hostnameOf(components),
      entrances: withPackages(entrancesOf({ components, domain }), packages),
      namespaces: namespaces ?? {},
      pullSecrets: pullSecrets ?? {},
      ...podSecurityOf(components),
      ...(requestScaling === undefined ? {} : { requestScaling }),
      ...(releases.prometheus === undefined ? {} : { prometheus: releases.prometheus }),
      ...(components.tracing === undefined ? {} : { tracesEndpoint: collectorEndpoint }),
      ...(components.storage && { storageClasses: classesByPurpose(components.storage) }),
      ...repositoryHostsIn(components),
      ...(placement === undefined ? {} : { priorityClasses: placement.classes }),
      ...(Object.keys(secretStores).length === 0 ? {} : { secretStores }),
    },
  };
}

function repositoryHostsIn({
  ci,
}: StackConfig["components"]): Pick<PlatformFacts, "repositoryHosts"> {
  const repositoryHosts = ci?.external === undefined ? repositoryHostsOf(ci) : undefined;
  return repositoryHosts === undefined ? {} : { repositoryHosts };
}

function hostnameOf({ gateway }: StackConfig["components"]): Pick<PlatformFacts, "hostname"> {
  const hostname = gateway?.tls?.hostname;
  return hostname === undefined ? {} : { hostname };
}

/**
 * Returns the Pod Security level of each team, so that the preview of an app stack can report what its team
 * lacks.
 */
function podSecurityOf({ tenancy }: StackConfig["components"]): Pick<PlatformFacts, "podSecurity"> {
  if (tenancy === undefined) return {};
  const levels = Object.entries(tenancy.teams).map(([team, { podSecurity }]) => [
    team,
    podSecurity?.level ?? "restricted",
  ]);
  return { podSecurity: Object.fromEntries(levels) as Record<string, string> };
}

/** Returns what an app stack passes to its apps instead of its own parts. */
export function platformDefaults({ platform }: AppStack): Partial<PlatformDefaults> {
  if (platform === undefined) return {};
  const { gateway, pullSecrets, priorityClasses, requestScaling, scheme } = platform;
  return {
    gateway,
    scheme,
    pullSecrets,
    requestScaling,
    ...(priorityClasses === undefined ? {} : { placement: { classes: priorityClasses } }),
  };
}

async function read(name: string, readOutputs: ReadOutputs): Promise<unknown> {
  try {
    return (await readOutputs(name))["platform"];
  } catch (error) {
    const reason = reasonOf(error);
    throw new ProgramError(
      `platform:platformStack names ${name}, whose outputs cannot be read: ${reason}. Nothing was changed. Stacks of this project are listed by: npx platform stacks list`,
    );
  }
}

function factsIn(name: string, output: unknown): PlatformFacts {
  if (output === undefined) {
    throw new ProgramError(
      `platform:platformStack names ${name}, which has no output "platform": it was never updated, declares no platform, or was last updated by an older program. Update it first: pulumi up --stack ${name}`,
    );
  }
  const parsed = platformFacts.safeParse(output);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new ProgramError(
    `The output "platform" of ${name} does not have the form that this program expects (${fields.join("; ")}); update that stack first: pulumi up --stack ${name}`,
  );
}

function misfits(stack: StackConfig, facts: PlatformFacts): string[] {
  const {
    environment,
    gateway,
    hostname,
    entrances,
    namespaces,
    requestScaling,
    prometheus,
    podSecurity = {},
    scheme,
    secretStores,
  } = facts;
  const teams = Object.keys(namespaces).sort();
  const all = Object.entries({ ...stack.apps, ...stack.unreleased });
  return [
    ...(environment === stack.environment
      ? []
      : [
          `platform:environment: expected the platform stack's, ${environment}, got "${stack.environment}"`,
        ]),
    ...(prometheus === undefined &&
    stack.releases.prometheus === undefined &&
    canaryNeedsCheck(stack)
      ? [`platform:releases.checkRequired: ${noPrometheus}`]
      : []),
    ...Object.entries(stack.apps)
      .filter(([, { team }]) => teams.length > 0 && !teams.includes(team))
      .map(
        ([app, { team }]) =>
          `platform:apps.${app}.team: expected a team of the platform stack (${teams.join(", ")}), got "${team}"`,
      ),
    ...Object.entries(stack.apps)
      .filter(([, { logDirectories }]) => Object.keys(logDirectories).length > 0)
      .filter(([, { team }]) => !["privileged", undefined].includes(podSecurity[team]))
      .map(
        ([app, { team }]) =>
          `platform:apps.${app}.logDirectories: expected none, because team "${team}" of the platform stack has Pod Security "${podSecurity[team]}", got directories of the node; remove them, or set platform:components.tenancy.teams.${team}.podSecurity.level to "privileged" in that stack`,
      ),
    ...volumeClassMisfits(Object.entries(stack.apps), facts.storageClasses),
    ...Object.entries(stack.apps)
      .flatMap(([app, { scaling }]) =>
        requestScaling === undefined ? byKeda(scaling).map((key) => [app, key] as const) : [],
      )
      .map(
        ([app, key]) =>
          `platform:apps.${app}.scaling.${key}: expected none, because the platform stack has no KEDA, got one`,
      ),
    ...Object.entries(stack.apps)
      .flatMap(([app, config]) =>
        limits.filter((key) => config[key] !== undefined).map((key) => [app, key] as const),
      )
      .filter(() => gateway.clients === undefined)
      .map(
        ([app, key]) =>
          `platform:apps.${app}.${key}: expected none, because the platform stack has no platform:components.gateway.middlewares, which the gateway needs to check requests; got one`,
      ),
    ...[
      ...outsideHostname(Object.entries(stack.apps), hostname, " of the platform stack"),
      // An older platform stack does not say what it uses.
      ...(entrances === undefined ? [] : takenEntrances(all, environment, entrances)),
      ...(scheme === "http"
        ? uselessCertificates(Object.entries(stack.apps), " of the platform stack")
        : []),
      ...foreignRepositories(all, facts.repositoryHosts, " of the platform stack"),
      // Nor does it say what its stores permit; then the app stack's own `keys` decide.
      ...(secretStores === undefined
        ? []
        : platformStoreErrors(all, stack.secretStores, secretStores)),
    ].map(({ key, message }) => `${key}: ${message}`),
  ];
}
