import { lookup, parseStack, type AppConfig, type PlatformFacts } from "../../config";
import type { AppRecord, Plan, Proof } from "../../releases";
import type { AppStack } from "../../program/app-platform";
import { decide } from "../../program/decision";
import { resolveStack } from "../../program/platform-stack";
import { RefusedReleases } from "../../program/releases";
import { proofsOf, type ReadOutputs } from "../../program/proofs";
import { placedRecords, recordFrom } from "../../program/records";
import { readOutputs, type Target } from "../../engine/pulumi";
import type { StateResource } from "../../engine/state";
import type { LiveApp } from "../../program/wait/live-app";
import type { StackFile } from "./stack-file";

/** What the cluster runs of an app, or why that is unknown. */
export type Live = { kind: "seen"; app?: LiveApp } | { kind: "unseen"; reason: string };

/** Input of a command: the config in the file, and the record of the last update. */
export interface Context extends Target {
  app: string;
  file: StackFile;
  /** Undefined before the app's first update. */
  record: AppRecord | undefined;
  /** Namespace of the app in the last update; another stack may declare the namespace. */
  namespace?: string;
  /** Output of the platform stack, if another stack declares the platform. */
  platform?: PlatformFacts;
  /**
   * Resources in the stack's state, without those that the next update deletes; undefined if the state was
   * not read.
   */
  resources?: StateResource[];
  /** What the cluster runs of the app, if the command has read it. */
  live?: Live;
  /** Target namespace of an unfinished move that the config does not complete. */
  unfinished?: string;
  now: Date;
  /** What the required stacks prove about the app. */
  proofs?: Proof[];
}

/** Returns the config of the app and of the whole stack, from the file with its edits. */
export function configOf({ stack, app, file, platform }: Context): {
  app: AppConfig;
  stack: AppStack;
} {
  const parsed = parseStack(stack, file.values(), file.appFiles());
  const found = lookup(parsed.apps, app);
  if (found === undefined) {
    if (lookup(parsed.unreleased, app) !== undefined) {
      throw new Error(
        `App "${app}" of stack "${stack}" has no release yet; release its first version with: npx platform release canary ${app} <version> --stack ${stack}`,
      );
    }
    const known = Object.keys(parsed.apps).join(", ") || "none";
    throw new Error(`Stack "${stack}" has no app "${app}"; it has ${known}.`);
  }
  return { app: found, stack: { ...parsed, platform } };
}

/** Whether an app is declared but has no release yet. */
export function isUnreleased({ stack, app, file }: Context): boolean {
  return lookup(parseStack(stack, file.values(), file.appFiles()).unreleased, app) !== undefined;
}

/**
 * Plans an update with the edited file, as the preview would.
 * @throws RefusedReleases if the rules do not allow it.
 */
export function planOf(context: Context): Plan {
  const { app, stack } = configOf(context);
  const { app: name, record: recorded, proofs, unfinished, now } = context;
  const live = context.live?.kind === "seen" ? context.live.app : undefined;
  const stackName = context.stack;
  const { answer } = decide({
    name,
    app,
    stackName,
    stack,
    recorded,
    live,
    proofs,
    unfinished,
    now,
  });
  if (answer.kind === "refusal") throw new RefusedReleases(context.stack, answer.refusals);
  return answer;
}

/**
 * Adds the output of the platform stack, which determines namespaces and the settings of pods.
 * @throws ProgramError if it cannot be read; an update could not run either.
 */
export async function addPlatform(
  context: Context,
  read: ReadOutputs = readOutputs,
): Promise<Context> {
  const { stack, file } = context;
  const { platform } = await resolveStack(parseStack(stack, file.values(), file.appFiles()), read);
  return { ...context, platform };
}

/** Adds what the required stacks prove about the app. */
export async function addProofs(
  context: Context,
  read: ReadOutputs = readOutputs,
): Promise<Context> {
  const { stack, app, file, record } = context;
  const { releases } = parseStack(stack, file.values(), file.appFiles());
  const proofs = await proofsOf({ releases, apps: { [app]: {} } }, { [app]: record }, read);
  return { ...context, proofs: proofs[app] };
}

/** Returns the record of an app from the outputs of the stack. */
export function recordedIn(
  outputs: Record<string, unknown>,
  app: string,
): Pick<Context, "record" | "namespace"> {
  const { apps = {}, releases = {} } = outputs as {
    apps?: Record<string, { namespace?: string }>;
    releases?: Record<string, unknown>;
  };
  const value = lookup(placedRecords(releases, apps), app);
  return {
    record: value === undefined ? undefined : recordFrom(value, app),
    namespace: lookup(apps, app)?.namespace,
  };
}
