import { platformFacts, ProgramError, type PlatformFacts, type StackConfig } from "../config";
import type { GatewayAddress } from "../components/shared/gateway-api";
import type { PlacementRules } from "../components/shared/placement";
import { outputsOf, ownName } from "./outputs";
import type * as pulumi from "@pulumi/pulumi";

/** A stack's config, with what its platform stack says where another stack declares the platform. */
export type AppStack = StackConfig & { platform?: PlatformFacts };

/** What a platform stack has for the app stacks that read it. */
export interface Platform {
  environment: string;
  gateway?: pulumi.Input<GatewayAddress>;
  namespaces: Record<string, pulumi.Input<string>>;
  priorityClasses?: PlacementRules["classes"];
}

/**
 * Reads the platform stack's output `platform`, if the config names such a stack.
 * @throws ProgramError when it cannot be read or does not fit the stack.
 */
export async function withPlatform(stack: StackConfig): Promise<AppStack> {
  const name = stack.platformStack;
  if (name === undefined) return stack;
  if (name === ownName()) {
    throw new ProgramError(
      `platform:platformStack names ${name}, which is this stack itself; name the stack that declares the platform, or leave it out.`,
    );
  }
  const platform = factsIn(name, await read(name));
  const problems = misfits(stack, platform);
  if (problems.length > 0) {
    const lines = problems.map((problem) => `  ${problem}`);
    throw new ProgramError(
      [`Platform stack ${name} does not fit this stack; nothing was changed.`, ...lines].join("\n"),
    );
  }
  return { ...stack, platform };
}

/** The output `platform` of a stack that declares the platform; nothing for one that reads another's. */
export function platformOutput(
  stack: AppStack,
  parts: {
    gateway?: { address: pulumi.Input<GatewayAddress> };
    tenancy?: { namespaces: Record<string, pulumi.Input<string>> };
    placement?: { rules: PlacementRules };
  },
): Platform | undefined {
  if (stack.platform !== undefined) return undefined;
  return {
    environment: stack.environment,
    gateway: parts.gateway?.address,
    namespaces: parts.tenancy?.namespaces ?? {},
    priorityClasses: parts.placement?.rules.classes,
  };
}

async function read(name: string): Promise<unknown> {
  try {
    return (await outputsOf(name))["platform"];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ProgramError(
      `platform:platformStack names ${name}, whose outputs cannot be read: ${reason}. Nothing was changed. Stacks of this project are listed by: npm run stacks -- list`,
    );
  }
}

function factsIn(name: string, output: unknown): PlatformFacts {
  if (output === undefined) {
    throw new ProgramError(
      `platform:platformStack names ${name}, which has no output "platform": it was never updated, declares no platform, or is of an older program. Update it first: pulumi up --stack ${name}`,
    );
  }
  const parsed = platformFacts.safeParse(output);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new ProgramError(
    `The output "platform" of ${name} is not as this program knows it (${fields.join("; ")}); update that stack first: pulumi up --stack ${name}`,
  );
}

function misfits(stack: StackConfig, { environment, namespaces }: PlatformFacts): string[] {
  const teams = Object.keys(namespaces).sort();
  return [
    ...(environment === stack.environment
      ? []
      : [
          `platform:environment: "${stack.environment}" is given, allowed is the platform stack's: ${environment}`,
        ]),
    ...Object.entries(stack.apps)
      .filter(([, { team }]) => teams.length > 0 && !teams.includes(team))
      .map(
        ([app, { team }]) =>
          `platform:apps.${app}.team: "${team}" is given, allowed is a team of the platform stack: ${teams.join(", ")}`,
      ),
  ];
}
