import * as pulumi from "@pulumi/pulumi";
import { hasEngine } from "../cluster/engine";
import { lookup, ProgramError, releaseTemplate, type AppConfig } from "../config";
import type { AppArgs } from "../components/app";
import { capacityOf, type Capacity } from "./capacity";
import { podSentences } from "./capacity-texts";
import { refuseEarlyHandovers } from "./foreign-handovers";
import { handoversAgainstWaves, refuseEarlySteps } from "./groups";
import { exchangeTexts, handoverTexts, takenAddresses, takenPods } from "./handovers";
import { takenReleases } from "./takeovers";
import { servingApp, type LiveApp } from "./wait/live-app";
import { readKnown } from "./known";
import { entranceOf } from "./wait/recorded";
import { notAsRecorded } from "./live-differences";
import { nodePortTexts, takenNodePorts } from "./node-port";
import { migrationOf } from "./migrations";
import type { Proofs } from "./proofs";
import { departures } from "./departures";
import { jobTexts } from "./jobs";
import type { AppStack, ResolvedStack } from "./app-platform";
import { clashesBetweenApps } from "./clashes";
import { decide } from "./decision";
import type { Plan, RefusedRule } from "../releases";

/** An app with the changes of its releases in this update. */
export interface PlannedApp {
  name: string;
  app: AppConfig;
  plan: Plan;
  /** The order in which its requests move, and the numbers of pods. */
  capacity: Capacity;
  /** What the cluster runs of it; undefined if the cluster was not read or runs nothing of it. */
  live?: LiveApp;
  /** Where the cluster differs from the record of the last update, a sentence each. */
  differences: string[];
  /** What the last update recorded about it in the stack's outputs. */
  recorded?: unknown;
}

/** Every refused release of a stack in one exception, so that a preview shows all of them. */
export class RefusedReleases extends ProgramError {
  constructor(
    stack: string,
    readonly refusals: readonly RefusedRule[],
  ) {
    const lines = refusals.map(
      ({ app, rule, message, remedy, asked, live }) =>
        `  ${app}: ${message} (${rule}).\n    requested: ${asked}; live: ${live}.\n    → ${remedy.replaceAll("<stack>", stack)}.`,
    );
    super(
      [
        `Stack "${stack}" requests releases that the rules do not allow; nothing was changed.`,
        ...lines,
      ].join("\n"),
    );
    this.name = "RefusedReleases";
  }
}

/**
 * Plans the releases of every app from the record of the last update, and prints the plans.
 * @throws RefusedReleases with every refusal.
 */
export async function planAndAnnounce(stack: ResolvedStack): Promise<PlannedApp[]> {
  const { records, live, proofs, unfinished } = await readKnown(stack);
  const plans = planReleases(stack, records, new Date(), live, proofs, unfinished);
  await announce(plans, stack, handoverTexts(takenAddresses(plans, live)));
  if (stack.groups !== undefined) await refuseEarlySteps(stack.groups, plans);
  await refuseEarlyHandovers(stack, plans, live);
  return plans;
}

/**
 * Decides for every app of a stack what its releases do.
 * @param records the result of {@link readKnown}.
 * @param liveOnes what the cluster runs of each app, as far as it was read.
 * @param proofs what the stacks that the policy requires prove about each app.
 * @param unfinished namespaces of moves that are not complete, and that the config would not complete.
 * @throws RefusedReleases with every refusal.
 */
export function planReleases(
  stack: AppStack,
  records: Record<string, unknown>,
  now: Date,
  liveOnes: Record<string, LiveApp> = {},
  proofs: Proofs = {},
  unfinished: Record<string, string> = {},
): PlannedApp[] {
  const declared = Object.entries(stack.apps).map(([name, app]) => ({ name, app }));
  const handovers = takenAddresses(declared, liveOnes);
  const takesOver = takenReleases(handovers, liveOnes, records);
  const exchanges = exchangeTexts(handovers);
  const answers = declared.map(({ name, app }) => {
    const live = lookup(liveOnes, name);
    const recorded = lookup(records, name);
    const found = {
      recorded,
      live,
      proofs: lookup(proofs, name),
      takesOver: lookup(takesOver, name),
      exchanges: lookup(exchanges, name),
      unfinished: lookup(unfinished, name),
    };
    const stackName = pulumi.getStack();
    return { name, app, live, ...decide({ name, app, stack, stackName, ...found, now }) };
  });
  const refused = answers.flatMap(({ answer }) =>
    answer.kind === "refusal" ? answer.refusals : [],
  );
  const allTaken = takenPods(handovers, liveOnes);
  const planned = answers.flatMap(({ name, app, answer, previous, live }): PlannedApp[] => {
    if (answer.kind === "refusal") return [];
    const { scaling, kind } = app;
    const taken = lookup(allTaken, name);
    const args = { app: name, plan: answer, record: previous, live, scaling, kind, taken, now };
    const differences =
      previous === undefined
        ? []
        : notAsRecorded(previous, servingApp(live), name, entranceOf(app));
    const recorded = lookup(records, name);
    return [{ name, app, plan: answer, capacity: capacityOf(args), differences, recorded, live }];
  });
  const refusals = [
    ...refused,
    ...departures(stack, records, now).flatMap((it) => it.refusals),
    ...clashesBetweenApps(planned),
    ...takenNodePorts(planned, stack.environment, liveOnes),
    ...handoversAgainstWaves(stack.groups, planned, handovers),
  ];
  if (refusals.length > 0) throw new RefusedReleases(pulumi.getStack(), refusals);
  return planned;
}

/** Logs what each app's releases do and what needs attention, in previews and updates. */
async function announce(
  planned: readonly PlannedApp[],
  { environment }: Pick<AppStack, "environment">,
  handovers: Record<string, string[]>,
): Promise<void> {
  if (!hasEngine()) return;
  for (const { name, app, plan, capacity, differences } of planned) {
    for (const text of differences) await pulumi.log.warn(`${name}: ${text}`);
    for (const { kind, text } of plan.steps) {
      if (kind !== "nothing") await pulumi.log.info(`${name}: ${text}`);
    }
    const texts = [
      ...jobTexts(app, plan),
      ...nodePortTexts(app, environment, plan),
      ...(lookup(handovers, name) ?? []),
    ];
    for (const text of texts) await pulumi.log.info(`${name}: ${text}`);
    for (const { text } of plan.notices) await pulumi.log.warn(`${name}: ${text}`);
    for (const { kind, text } of podSentences(plan, capacity, app.scaling)) {
      await (kind === "danger" ? pulumi.log.warn : pulumi.log.info)(`${name}: ${text}`);
    }
  }
}

/** Returns the part of a plan that an app's component needs. */
export function rolesOf({
  app,
  plan,
  capacity,
  live,
}: Pick<PlannedApp, "app" | "plan" | "capacity" | "live">): Pick<
  AppArgs,
  "releases" | "stable" | "canaryWeight" | "now" | "order"
> & {
  canary: string | undefined;
} {
  const { releases, canary, services, weights, now } = plan;
  return {
    releases: releases.map(({ name, key, version, digest, template, role, weight }) => {
      const pods = capacity.releases[name];
      return {
        name,
        key,
        version,
        digest,
        template: releaseTemplate.parse(template),
        migration: migrationOf(plan, name, live, app.migrate?.contract),
        floor: pods?.floor,
        needed: now ? 0 : pods?.needed,
        ...(pods?.worker && { worker: { ...pods.worker, role, weight } }),
      };
    }),
    stable: services.stable,
    canary: canary === undefined ? undefined : services.canary,
    canaryWeight: weights.canary,
    now,
    order: capacity.order,
  };
}

/** Returns the share of each release, for outputs and tables. */
export function trafficOf({ releases }: Plan): object[] {
  return releases.map(({ name, version, role, weight }) => ({
    release: name,
    version,
    role,
    weight,
  }));
}
