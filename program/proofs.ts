import { lookup, ProgramError, type StackConfig } from "../config";
import { firstLineOf } from "../config/reason";
import { provenReleases, type Proof } from "../releases";
import { recordFrom } from "./records";

/** Returns the outputs of a stack, by its full name. */
export type ReadOutputs = (stack: string) => Promise<Record<string, unknown>>;

/** Returns a reader that reads each stack's outputs only once. */
export function outputsOnce(read: ReadOutputs): ReadOutputs {
  const asked = new Map<string, ReturnType<ReadOutputs>>();
  return (stack) => {
    const outputs = asked.get(stack) ?? read(stack);
    asked.set(stack, outputs);
    return outputs;
  };
}

/** What the required stacks prove, by the app's name. */
export type Proofs = Record<string, Proof[]>;

/**
 * Reads what the stacks that the policy requires have recorded about this stack's apps: the stack in the
 * config, and those in the policies of the last update, which stay in force until a reason is given. If a stack
 * cannot be read, it proves nothing, which stops only new releases; the result contains the reason.
 * @param stackName `<organization>/<project>/<stack>` of this stack.
 * @throws ProgramError if the config names this stack itself.
 */
export async function proofsOf(
  { releases, apps }: Pick<StackConfig, "releases"> & { apps: Record<string, unknown> },
  records: Record<string, unknown>,
  read: ReadOutputs,
  stackName?: string,
): Promise<Proofs> {
  if (releases.requires !== undefined && releases.requires === stackName) {
    throw new ProgramError(
      `platform:releases.requires: expected another stack, got ${stackName}, which is this one; name the stack of the environment before it, or leave it out.`,
    );
  }
  const names = Object.keys(apps);
  // The policy of an app that the config no longer has guards the app that takes over its addresses.
  const recorded = Object.values(records).map(recordedRequirement);
  const stacks = [...new Set([releases.requires, ...recorded])].filter((it) => it !== undefined);
  const outputs = await Promise.all(
    stacks.map(async (stack) => ({ stack, ...(await recordsOf(stack, read)) })),
  );
  return Object.fromEntries(names.map((app) => [app, outputs.map((it) => proofFor(app, it))]));
}

function recordedRequirement(record: unknown): string | undefined {
  const { guard } = (record ?? {}) as { guard?: { requires?: unknown } };
  return typeof guard?.requires === "string" ? guard.requires : undefined;
}

interface Outputs {
  stack: string;
  releases: Record<string, unknown>;
  unreadable?: string;
}

async function recordsOf(stack: string, read: ReadOutputs): Promise<Omit<Outputs, "stack">> {
  try {
    const { releases } = (await read(stack)) as { releases?: Record<string, unknown> };
    return { releases: releases ?? {} };
  } catch (error) {
    return { releases: {}, unreadable: firstLineOf(error) };
  }
}

function proofFor(app: string, { stack, releases, unreadable }: Outputs): Proof {
  const record = lookup(releases, app);
  if (unreadable !== undefined || record === undefined) return { stack, releases: [], unreadable };
  try {
    return { stack, releases: provenReleases(recordFrom(record, app)) };
  } catch (error) {
    return { stack, releases: [], unreadable: firstLineOf(error) };
  }
}
