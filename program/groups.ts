import * as pulumi from "@pulumi/pulumi";
import { hasEngine } from "../cluster/engine";
import { InvalidConfig, lookup, type StackConfig } from "../config";
import {
  appsBefore,
  isRollback,
  groupErrors,
  platformNameOf,
  readGroups,
  type RequestedReleases,
  type Group,
} from "../config/groups";
import { addressText } from "../config/app/entrances";
import { parseAppRecord, rolesText, type Plan, type RefusedRule, type Step } from "../releases";
import { askedOf, keysOf } from "./asked";
import type { Handover } from "./handovers";
import { otherApps } from "./other-apps";
import { outputsOrNone } from "./outputs";
import { refuseUpdate } from "./refusal";

type Own = Pick<StackConfig, "apps" | "unreleased" | "platformStack">;

/** An app of a release group that another stack declares. */
interface ForeignApp {
  stack: string;
  asked: RequestedReleases;
}

/** The release groups that contain apps of a stack. */
export interface StackGroups {
  groups: { group: Group; /** Whether the last wave goes first. */ back: boolean }[];
  /** Their apps that other stacks declare. */
  foreign: Record<string, ForeignApp>;
}

/**
 * Returns the release groups that contain an app of a stack; for a stack that declares a platform, all of its
 * groups.
 * @param name of the stack, without organization and project.
 * @param folder folder of the project's stack files.
 * @throws InvalidConfig with all errors of those groups.
 */
export function groupsOf(name: string, stack: Own, folder = "."): StackGroups {
  const apps: Record<string, object> = { ...stack.apps, ...stack.unreleased };
  const { groups, problems } = readGroups(platformNameOf(name, stack.platformStack), folder);
  const isOwn = (app: string) => Object.hasOwn(apps, app);
  const concerns = (words: string[]) => stack.platformStack === undefined || words.some(isOwn);
  const errors = problems
    .filter(({ text }) => concerns(text.split(/[^\w.-]+/)))
    .flatMap((problem) => problem.errors);
  // Two groups that share an app are an error in every stack with one of their apps.
  const shown = groups.filter(({ waves }) => concerns(waves.flat()));
  const words = new Set(shown.flatMap(({ waves }) => waves.flat()).filter((app) => !isOwn(app)));
  const others =
    words.size === 0 ? [] : otherApps({ name, platformStack: stack.platformStack, folder, words });
  const named = others.filter(({ app }) => words.has(app));
  const stackOf = (app: string) =>
    isOwn(app) ? name : named.find((other) => other.app === app)?.stack;
  errors.push(...groupErrors(shown, stackOf));
  if (errors.length > 0) throw new InvalidConfig(name, errors);
  const foreign = Object.fromEntries(
    named.map(({ app, stack: of, given }) => [app, { stack: of, asked: keysOf(askedOf(given)) }]),
  );
  const askedNow = (app: string) =>
    lookup(foreign, app)?.asked ?? keysOf(askedOf({ ...lookup(apps, app) }));
  return { groups: shown.map((group) => ({ group, back: isRollback(group, askedNow) })), foreign };
}

/** Returns the apps of the same stack whose steps come before that of an app. */
export function ownAppsBefore(
  { groups, foreign }: StackGroups,
  app: string,
  isDeclared: (app: string) => boolean,
): string[] {
  return groups
    .flatMap(({ group, back }) => appsBefore(group, app, back))
    .filter((each) => lookup(foreign, each) === undefined && isDeclared(each));
}

/** Steps that change which release gets requests, or which releases run. */
const moves: readonly Step["kind"][] = [
  "first-deployment",
  "promote",
  "rollback",
  "jump",
  "start-canary",
  "weight",
  "supersede",
  "abort",
];

/** Whether an update changes which release of an app gets requests, or which of its releases run. */
export function takesStep({ steps }: PlannedStep["plan"]): boolean {
  return steps.some(({ kind }) => moves.includes(kind));
}

/**
 * Refuses an address that goes to an app of a later wave, if both apps take a step: the app that takes it over would
 * change last, and the address would not be served until then. If one of them takes no step, it changes first.
 */
export function handoversAgainstWaves(
  groups: StackGroups | undefined,
  planned: readonly { name: string; plan: Plan }[],
  handovers: readonly Handover[],
): RefusedRule[] {
  const steps = new Map(
    planned.flatMap((each) => (takesStep(each.plan) ? [[each.name, each] as const] : [])),
  );
  return handovers.flatMap(({ from, to, host, path, keepsWider }): RefusedRule[] => {
    const taker = steps.get(to);
    if (groups === undefined || keepsWider || taker === undefined || !steps.has(from)) return [];
    if (!ownAppsBefore(groups, to, (each) => each === from).includes(from)) return [];
    const { stable, next } = taker.plan;
    const roles = rolesText(stable, next.canary, next.retained);
    return [
      {
        app: to,
        rule: "wave-order",
        message: `${addressText(host, path)} goes from ${from} to ${to}, which takes its step after ${from} in a release group: nobody would serve it until then`,
        remedy: "move it in a separate update, before or after the releases of the group",
        asked: roles,
        live: roles,
      },
    ];
  });
}

/**
 * Refuses an update in which an app takes its step before the apps of the previous wave in other stacks
 * have taken theirs; a preview only warns. Apps of the same stack wait for each other instead.
 * @throws ProgramError with every app that is too early.
 */
export async function refuseEarlySteps(
  groups: StackGroups,
  planned: readonly PlannedStep[],
): Promise<void> {
  if (!hasEngine()) return;
  const early = await earlySteps(groups, planned, ofThisProject);
  const heading = "The previous wave of a release group is not done; nothing was changed.";
  await refuseUpdate(heading, early, (text) => pulumi.log.info(text));
}

/** The fields of a planned app that determine its place in a group. */
type PlannedStep = { name: string; plan: { steps: readonly Pick<Step, "kind">[] } };

/**
 * Returns the apps whose step comes before that of an app of an earlier wave in another stack, a sentence each.
 * @param read returns the outputs of a stack of this project.
 */
export async function earlySteps(
  { groups, foreign }: StackGroups,
  planned: readonly PlannedStep[],
  read: (stack: string) => Promise<Record<string, unknown>>,
): Promise<string[]> {
  const outputs = new Map<string, Promise<Record<string, unknown>>>();
  const early: string[] = [];
  for (const { name, plan } of planned) {
    if (!takesStep(plan)) continue;
    for (const { group, back } of groups) {
      for (const app of appsBefore(group, name, back)) {
        const other = lookup(foreign, app);
        if (other === undefined) continue;
        const asked = outputs.get(other.stack) ?? read(other.stack);
        outputs.set(other.stack, asked);
        const missing = missingStep(app, other, await asked);
        if (missing !== undefined) early.push(textOf(name, group, missing, other.stack));
      }
    }
  }
  return early;
}

function textOf(app: string, group: Group, missing: string, stack: string): string {
  return `${app} takes its step after an earlier wave of group ${group.name} (${group.file}): ${missing}; update stack ${stack} first`;
}

/**
 * Returns the releases that an app's file has and its last update did not record; undefined if both are the
 * same.
 */
function missingStep(
  app: string,
  { stack, asked }: ForeignApp,
  outputs: Record<string, unknown>,
): string | undefined {
  const { releases } = outputs as { releases?: Record<string, unknown> };
  const value = lookup(releases ?? {}, app);
  const record = value === undefined ? undefined : parseAppRecord(value, app);
  const wanted = releasesText(asked);
  const got = releasesText(record);
  return wanted === got
    ? undefined
    : `expected ${app} of stack ${stack} at ${wanted}, got ${got} by its last update`;
}

/** `stable 1.4.2, canary 1.5.0 at 10%`. */
export function releasesText(
  releases: Pick<RequestedReleases, "stable" | "canary"> | undefined,
): string {
  const { stable, canary } = releases ?? {};
  if (stable === undefined) return "no release";
  return `stable ${stable}${canary === undefined ? "" : `, canary ${canary.key} at ${canary.weight}%`}`;
}

/** Returns the outputs of a stack of this project; empty if it has a file, but was never created. */
function ofThisProject(stack: string): Promise<Record<string, unknown>> {
  return outputsOrNone([pulumi.getOrganization(), pulumi.getProject(), stack].join("/"));
}
