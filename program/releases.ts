import * as pulumi from "@pulumi/pulumi";
import {
  collectorEndpoint,
  own,
  ProgramError,
  releaseTemplate,
  templateOf,
  type AppConfig,
} from "../config";
import type { AppArgs } from "../components/app";
import { capacityOf, type Capacity } from "./capacity";
import { podSentences } from "./capacity-texts";
import type { LiveApp } from "./wait/live-app";
import { knownOf } from "./known";
import { notAsRecorded } from "./live-differences";
import type { Proofs } from "./proofs";
import { policyOf } from "./release-policy";
import { plainTemplate, recordFrom } from "./records";
import { resolvedNow, withResolved } from "./resolved";
import type { AppStack } from "./app-platform";
import { clashesBetweenApps } from "./clashes";
import { keyOf, liveRelease, plan, recordedTemplate } from "../releases";
import type { AppRecord, DesiredApp, Plan, Proof, RefusedRule } from "../releases";

/** An app with what its releases do in this update. */
export interface PlannedApp {
  name: string;
  app: AppConfig;
  plan: Plan;
  /** In which order its requests move, and with how many pods. */
  capacity: Capacity;
  /** Where the cluster does not run what the last update recorded, a sentence each. */
  differences: string[];
  /** What the last update recorded of it, as it stands in the stack's outputs. */
  recorded?: unknown;
}

/** Every refused release of a stack, as one exception, so that a preview shows all of them. */
export class IllegalReleases extends ProgramError {
  constructor(
    stack: string,
    readonly refusals: readonly RefusedRule[],
  ) {
    const lines = refusals.map(
      ({ app, rule, message, remedy, asked, live }) =>
        `  ${app}: ${message} (${rule}).\n    asked: ${asked}; live: ${live}.\n    → ${remedy.replaceAll("<stack>", stack)}.`,
    );
    super(
      [`Stack "${stack}" asks for illegal releases; nothing was changed.`, ...lines].join("\n"),
    );
    this.name = "IllegalReleases";
  }
}

/**
 * Decides what every app's releases do, by what the last update recorded, and tells it.
 * @throws IllegalReleases with every refusal.
 */
export async function planned(stack: AppStack): Promise<PlannedApp[]> {
  const { records, live, proofs } = await knownOf(stack);
  const plans = planReleases(stack, records, new Date(), live, proofs);
  await announce(plans);
  return plans;
}

/**
 * Decides for every app of a stack what its releases do.
 * @param records what {@link knownOf} gave.
 * @param liveOnes what the cluster runs of each app, as far as it was asked.
 * @param proofs what the stacks that releases require have proven of each app.
 * @throws IllegalReleases with every refusal.
 */
export function planReleases(
  stack: AppStack,
  records: Record<string, unknown>,
  now: Date,
  liveOnes: Record<string, LiveApp> = {},
  proofs: Proofs = {},
): PlannedApp[] {
  const answers = Object.entries(stack.apps).map(([name, app]) => {
    const record = own(records, name);
    const previous = record === undefined ? undefined : recordFrom(record, name);
    const desired = desiredApp(name, app, stack, previous, own(proofs, name));
    const live = own(liveOnes, name);
    const liveStable = live?.services.stable?.key;
    const answer = plan(previous, desired, now, policyOf(stack.releases), liveStable);
    return { name, app, answer, previous, live };
  });
  const refused = answers.flatMap(({ answer }) =>
    answer.kind === "refusal" ? answer.refusals : [],
  );
  const planned = answers.flatMap(({ name, app, answer, previous, live }): PlannedApp[] => {
    if (answer.kind === "refusal") return [];
    const { scaling } = app;
    const args = { app: name, plan: answer, record: previous, live, scaling, now };
    const differences = previous === undefined ? [] : notAsRecorded(previous, live, name);
    const recorded = own(records, name);
    return [{ name, app, plan: answer, capacity: capacityOf(args), differences, recorded }];
  });
  const refusals = [...refused, ...clashesBetweenApps(planned)];
  if (refusals.length > 0) throw new IllegalReleases(pulumi.getStack(), refusals);
  return planned;
}

/** Tells in the preview, and in the update, what each app's releases do, and what to look at. */
async function announce(planned: readonly PlannedApp[]): Promise<void> {
  if (!pulumi.runtime.hasEngine()) return;
  for (const { name, app, plan, capacity, differences } of planned) {
    for (const text of differences) await pulumi.log.warn(`${name}: ${text}`);
    for (const { kind, text } of plan.steps) {
      if (kind !== "nothing") await pulumi.log.info(`${name}: ${text}`);
    }
    for (const { text } of plan.notices) await pulumi.log.warn(`${name}: ${text}`);
    for (const { kind, text } of podSentences(plan, capacity, app.scaling)) {
      await (kind === "danger" ? pulumi.log.warn : pulumi.log.info)(`${name}: ${text}`);
    }
  }
}

/** What an app's component needs of a plan. */
export function rolesOf(
  { releases, canary, services, weights, now }: Plan,
  capacity: Capacity,
): Pick<AppArgs, "releases" | "stable" | "canaryWeight" | "order"> & {
  canary: string | undefined;
} {
  return {
    releases: releases.map(({ name, key, version, digest, template }) => {
      const pods = capacity.releases[name];
      return {
        name,
        key,
        version,
        digest,
        template: releaseTemplate.parse(template),
        floor: pods?.floor,
        needed: now ? 0 : pods?.needed,
      };
    }),
    stable: services.stable,
    canary: canary === undefined ? undefined : services.canary,
    canaryWeight: weights.canary,
    order: capacity.order,
  };
}

/** Who gets which share of the requests, for outputs and tables. */
export function trafficOf({ releases }: Plan): object[] {
  return releases.map(({ name, version, role, weight }) => ({
    release: name,
    version,
    role,
    weight,
  }));
}

/**
 * What an app's config asks for, in the terms of the release rules.
 * @param record what is known of what runs.
 * @param proofs what the stacks that releases require have proven of it.
 */
export function desiredApp(
  name: string,
  app: AppConfig,
  stack: AppStack,
  record?: AppRecord,
  proofs: Proof[] = [],
): DesiredApp {
  const freezes = [
    { scope: `app ${name}`, freeze: app.freeze },
    { scope: `team ${app.team}`, freeze: own(stack.teamFreezes, app.team) },
    { scope: "every app", freeze: stack.freeze },
  ];
  const desired = {
    name,
    stable: app.stable,
    canary: app.canary,
    template: plainTemplate(templateOf(app)),
    override: app.override,
    freezes: freezes.flatMap(({ scope, freeze }) => (freeze ? [{ scope, ...freeze }] : [])),
    noRollbackBelow: app.noRollbackBelow,
    proofs,
  };
  const resolved = resolvedNow(app, templateOf(app), stack);
  return withResolved(traced(desired, stack, record), resolved, record);
}

/**
 * An app that sends its traces to the stack's own collectors, from the next release on: that the
 * collectors are declared, or no more, replaces no pod of a release that runs.
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
