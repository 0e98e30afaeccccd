import { collectorEndpoint, namespaceOf, templateOf, type AppConfig } from "../config";
import { isWorker } from "../config/app/kinds";
import { keyOf, liveRelease, namespaceMove, plan, recordedTemplate } from "../releases";
import type { AppRecord, DesiredApp, Plan, Proof, Refusal, TakenRelease } from "../releases";
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
import { servingApp, type LiveApp } from "./wait/live-app";

/** An app of a stack with everything that determines its releases. */
export interface KnownApp {
  name: string;
  app: AppConfig;
  /** Name of its stack, without organization and project. */
  stackName: string;
  /** The stack, with the output of its platform stack if it has one. */
  stack: AppStack;
  /** What the last update recorded about the app. */
  recorded?: unknown;
  /** What the cluster runs of it; undefined if the cluster was not read or runs nothing of it. */
  live?: LiveApp;
  /** What the stacks that the policy requires prove about it. */
  proofs?: Proof[];
  /** Stable releases of other apps whose addresses it takes over. */
  takesOver?: TakenRelease[];
  /** Addresses that move between it and other apps, a clause each. */
  exchanges?: string[];
  /** Namespace of a move that has begun but is not complete, and that the config would not complete. */
  unfinished?: string;
  now: Date;
}

/** What the releases of an app do, or why that is not allowed. */
export interface Decision {
  answer: Plan | Refusal;
  /** The record that the result is based on, including what the cluster shows and no update recorded. */
  previous: AppRecord | undefined;
}

/**
 * Decides what the releases of one app do. The program, the preview's report and the release commands all use
 * this function, so their decisions cannot differ.
 * @throws ProgramError for a record that cannot be read.
 */
export function decide(known: KnownApp): Decision {
  const { name, app, stack, recorded, live, proofs, takesOver, exchanges, unfinished, now } = known;
  const previous =
    recorded === undefined
      ? undefined
      : withPlatformStackNamed(
          withLiveMigrations(recordFrom(recorded, name), servingApp(live)),
          stack,
        );
  const asked = { ...desiredApp(name, app, stack, previous, proofs), takesOver, exchanges };
  const desired = withCallers(asked, known, previous);
  const moving = refuseUnfinished(desired, previous, unfinished);
  if (moving.length > 0) return { answer: { kind: "refusal", refusals: moving }, previous };
  const answer = plan(previous, desired, now, policyOf(stack, app), liveStableOf(live));
  if (answer.kind === "refusal") return { answer, previous };
  const planned = { name, plan: answer, record: previous };
  const refusals = [...changedProtocol(planned), ...changedKind(planned)];
  return { answer: refusals.length === 0 ? answer : { kind: "refusal", refusals }, previous };
}

/** Adds the callers of an app that moves. Their files are read only for a move. */
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
 * Returns the request of an app's config in the form that the release rules use.
 * @param record the record of the last update.
 * @param proofs what the stacks that the policy requires prove about the app.
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
  return withResolved(withTraces(desired, stack, record), resolved, record);
}

/**
 * Returns an app that sends its traces to the stack's own collectors, beginning with its next release.
 * Declaring or removing the collectors therefore does not replace the pods of a running release.
 */
function withTraces(
  desired: DesiredApp,
  { components, platform }: AppStack,
  record: AppRecord | undefined,
): DesiredApp {
  const { stable, canary, template } = desired;
  if (template.tracesEndpoint !== undefined) return desired;
  const named = [stable, ...(canary ? [canary] : [])].map(keyOf);
  // Without a record, the running release is assumed to be what the config says.
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
