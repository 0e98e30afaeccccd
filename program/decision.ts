import { collectorEndpoint, namespaceOf, templateOf, type AppConfig } from "../config";
import { isWorker } from "../config/app/kinds";
import { keyOf, liveRelease, namespaceMove, plan, recordedTemplate } from "../releases";
import type { AppRecord, DesiredApp, Plan, Proof, Refusal } from "../releases";
import type { AppStack } from "./app-platform";
import { callersOf } from "./callers";
import { changedKind } from "./changed-kind";
import { changedProtocol } from "./changed-protocol";
import { freezesOf } from "./departures";
import { schedulesIn } from "./jobs";
import { liveStableOf } from "./live-stable";
import { withLiveMigrations } from "./migrations";
import { plainTemplate, recordFrom } from "./records";
import { policyOf, withPlatformStackNamed } from "./release-policy";
import { resolvedNow, withResolved } from "./resolved";
import { refuseUnfinished } from "./unfinished-moves";
import { serving, type LiveApp } from "./wait/live-app";

/** An app of a stack with all that decides what its releases do. */
export interface KnownApp {
  name: string;
  app: AppConfig;
  /** Name of its stack, without organization and project. */
  stackName: string;
  /** With the output of its platform stack, where it has one. */
  stack: AppStack;
  /** What the last update recorded of the app. */
  recorded?: unknown;
  /** What the cluster runs of it; nothing where it was not asked or runs nothing. */
  live?: LiveApp;
  /** What the stacks that releases require have proven of it. */
  proofs?: Proof[];
  /** Namespace to which a move has begun that was not completed, and that the config does not complete. */
  unfinished?: string;
  now: Date;
}

/** What the releases of an app do, or why that is not legal. */
export interface Decision {
  answer: Plan | Refusal;
  /** The record that the answer follows from: with what the cluster shows that no update recorded. */
  previous: AppRecord | undefined;
}

/**
 * Decides what the releases of one app do. The program, the preview's report and the release commands all decide
 * by this function, so that they cannot differ.
 * @throws ProgramError for a record that cannot be read.
 */
export function decide(known: KnownApp): Decision {
  const { name, app, stack, recorded, live, proofs, unfinished, now } = known;
  const previous =
    recorded === undefined
      ? undefined
      : withPlatformStackNamed(
          withLiveMigrations(recordFrom(recorded, name), serving(live)),
          stack,
        );
  const desired = withCallers(desiredApp(name, app, stack, previous, proofs), known, previous);
  const moving = refuseUnfinished(desired, previous, unfinished);
  if (moving.length > 0) return { answer: { kind: "refusal", refusals: moving }, previous };
  const answer = plan(previous, desired, now, policyOf(stack, app), liveStableOf(live));
  if (answer.kind === "refusal") return { answer, previous };
  const planned = { name, plan: answer, record: previous };
  const refusals = [...changedProtocol(planned), ...changedKind(planned)];
  return { answer: refusals.length === 0 ? answer : { kind: "refusal", refusals }, previous };
}

/** An app that moves, with those that call it: their files are read for that alone. */
function withCallers(
  desired: DesiredApp,
  { name, app: { team }, stackName, stack }: KnownApp,
  record: AppRecord | undefined,
): DesiredApp {
  const move = namespaceMove(record, desired);
  if (move?.address === undefined) return desired;
  return { ...desired, callers: callersOf({ name, team, from: move.from }, stackName, stack) };
}

/**
 * What an app's config asks for, in the terms of the release rules.
 * @param record what the last update recorded.
 * @param proofs what the stacks that releases require have proven of it.
 */
export function desiredApp(
  name: string,
  app: AppConfig,
  stack: AppStack,
  record?: AppRecord,
  proofs: Proof[] = [],
): DesiredApp {
  const desired = {
    name,
    namespace: namespaceOf(app.team, stack),
    stable: app.stable,
    canary: app.canary,
    template: plainTemplate(templateOf(app)),
    ...(isWorker(app) && { sharesPods: true }),
    schedules: schedulesIn(app),
    override: app.override,
    freezes: freezesOf(name, app, stack, record),
    noRollbackBelow: app.noRollbackBelow,
    migration: app.migrate && { contract: app.migrate.contract },
    proofs,
  };
  const resolved = resolvedNow(app, templateOf(app), stack);
  return withResolved(traced(desired, stack, record), resolved, record);
}

/**
 * An app that sends its traces to the stack's own collectors, from the next release on: that the
 * collectors are declared or removed does not replace the pods of a running release.
 */
function traced(
  desired: DesiredApp,
  { components, platform }: AppStack,
  record: AppRecord | undefined,
): DesiredApp {
  const { stable, canary, template } = desired;
  if (template.tracesEndpoint !== undefined) return desired;
  const named = [stable, ...(canary ? [canary] : [])].map(keyOf);
  // Without a record, what runs is taken to be what the config makes.
  const deploysNone =
    record !== undefined && named.every((key) => liveRelease(record, key) !== undefined);
  const present = components.tracing ? collectorEndpoint : platform?.tracesEndpoint;
  const tracesEndpoint = deploysNone
    ? recordedTemplate(record, record.configTemplate).tracesEndpoint
    : present;
  return tracesEndpoint === undefined
    ? desired
    : { ...desired, template: { ...template, tracesEndpoint } };
}
