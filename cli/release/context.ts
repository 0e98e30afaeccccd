import { own, parseStack, type AppConfig, type StackConfig } from "../../config";
import { plan, type AppRecord, type Plan, type Proof } from "../../releases";
import { desiredApp, IllegalReleases } from "../../program/releases";
import { proofsOf } from "../../program/proofs";
import { policyOf } from "../../program/release-policy";
import { recordFrom } from "../../program/records";
import { readOutputs, stackOutputs, type Target } from "../../engine/pulumi";
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
  /** What the cluster runs of it, where a command looked. */
  live?: Live;
  now: Date;
  /** What the stacks that releases require have proven of the app. */
  proofs?: Proof[];
}

/** The app's config, and the whole stack's, as the file now says. */
export function configOf({ stack, app, file }: Context): { app: AppConfig; stack: StackConfig } {
  const parsed = parseStack(stack, file.values(), file.appFiles());
  const found = own(parsed.apps, app);
  if (found === undefined) {
    if (own(parsed.unreleased, app) !== undefined) {
      throw new Error(
        `App "${app}" of stack "${stack}" has no release yet; its first version goes out by: npm run release -- canary ${app} <version> --stack ${stack}`,
      );
    }
    const known = Object.keys(parsed.apps).join(", ") || "none";
    throw new Error(`Stack "${stack}" has no app "${app}"; it has ${known}.`);
  }
  return { app: found, stack: parsed };
}

/** Whether an app is declared and has no release yet. */
export function isUnreleased({ stack, app, file }: Context): boolean {
  return own(parseStack(stack, file.values(), file.appFiles()).unreleased, app) !== undefined;
}

/**
 * What an update with the file as it now stands would do: the same decision as the preview's.
 * @throws IllegalReleases when it is not legal.
 */
export function planOf(context: Context): Plan {
  const { app, stack } = configOf(context);
  const desired = desiredApp(context.app, app, stack, context.record, context.proofs);
  const answer = plan(context.record, desired, context.now, policyOf(stack.releases));
  if (answer.kind === "refusal") throw new IllegalReleases(context.stack, answer.refusals);
  return answer;
}

/** The context with what the stacks that releases require have proven of the app. */
export async function withProofs(context: Context): Promise<Context> {
  const { stack, app, file, record } = context;
  const { releases } = parseStack(stack, file.values(), file.appFiles());
  const proofs = await proofsOf({ releases, apps: { [app]: {} } }, { [app]: record }, readOutputs);
  return { ...context, proofs: proofs[app] };
}

/** What the last update recorded of an app. Asks the engine, which knows the stack's backend. */
export function recordedBy(target: Target, app: string): Pick<Context, "record" | "namespace"> {
  const { apps = {}, releases = {} } = stackOutputs(target) as {
    apps?: Record<string, { namespace?: string }>;
    releases?: Record<string, unknown>;
  };
  const value = own(releases, app);
  return {
    record: value === undefined ? undefined : recordFrom(value, app),
    namespace: own(apps, app)?.namespace,
  };
}
