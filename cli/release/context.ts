import { lookup, parseStack, type AppConfig, type PlatformFacts } from "../../config";
import type { AppRecord, Plan, Proof } from "../../releases";
import type { AppStack } from "../../program/app-platform";
import { decide } from "../../program/decision";
import { resolveStack } from "../../program/platform-stack";
import { IllegalReleases } from "../../program/releases";
import { proofsOf, type ReadOutputs } from "../../program/proofs";
import { placedRecords, recordFrom } from "../../program/records";
import { readOutputs, type Target } from "../../engine/pulumi";
import type { StateResource } from "../../engine/state";
import type { LiveApp } from "../../program/wait/live-app";
import type { StackFile } from "./stack-file";

/** What the cluster runs of an app, or why that is not known. */
export type Live = { kind: "seen"; app?: LiveApp } | { kind: "unseen"; reason: string };

/** What a command works with: the config as it stands, and what the last update recorded. */
export interface Context extends Target {
  app: string;
  file: StackFile;
  /** Nothing before the app's first update. */
  record: AppRecord | undefined;
  /** Namespace that the last update put the app into; another stack may have declared it. */
  namespace?: string;
  /** Output of the platform stack, where another stack declares the platform. */
  platform?: PlatformFacts;
  /** Resources of the stack's state, without those that the next update deletes; none where it was not read. */
  resources?: StateResource[];
  /** What the cluster runs of it, where a command looked. */
  live?: Live;
  /** Namespace to which a move has begun that was not completed, and that the config does not complete. */
  unfinished?: string;
  now: Date;
  /** What the stacks that releases require have proven of the app. */
  proofs?: Proof[];
}

/** The app's config, and the whole stack's, as the file now says. */
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

/** Whether an app is declared and has no release yet. */
export function isUnreleased({ stack, app, file }: Context): boolean {
  return lookup(parseStack(stack, file.values(), file.appFiles()).unreleased, app) !== undefined;
}

/**
 * What an update with the file as it now stands would do: the same decision as the preview's.
 * @throws IllegalReleases when it is not legal.
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
  if (answer.kind === "refusal") throw new IllegalReleases(context.stack, answer.refusals);
  return answer;
}

/**
 * The context with the platform stack's output, which decides on namespaces and on what pods are given.
 * @throws ProgramError when it cannot be read: no update could run either.
 */
export async function withPlatform(
  context: Context,
  read: ReadOutputs = readOutputs,
): Promise<Context> {
  const { stack, file } = context;
  const { platform } = await resolveStack(parseStack(stack, file.values(), file.appFiles()), read);
  return { ...context, platform };
}

/** The context with what the stacks that releases require have proven of the app. */
export async function withProofs(
  context: Context,
  read: ReadOutputs = readOutputs,
): Promise<Context> {
  const { stack, app, file, record } = context;
  const { releases } = parseStack(stack, file.values(), file.appFiles());
  const proofs = await proofsOf({ releases, apps: { [app]: {} } }, { [app]: record }, read);
  return { ...context, proofs: proofs[app] };
}

/** What the last update recorded of an app, by the stack's outputs. */
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
