import { isDeepStrictEqual } from "node:util";
import {
  keyOf,
  parseAppRecord,
  plan,
  type AppRecord,
  type CheckEvidence,
  type DesiredApp,
  type Plan,
  type Refusal,
  type ReleaseKey,
  type ReleasePolicy,
} from "../../../../releases";
import { at, shop } from "../story";

/** What really happened to the app, separate from the record. */
export interface Truth {
  /** Releases that were stable and have been running since then. */
  proven: Set<ReleaseKey>;
  /** The canary, and the latest time of any clock when it began and when its share last rose. */
  canary?: { key: ReleaseKey; since: number; raised: number };
  /** The template of each live release, as text. */
  templates: Map<ReleaseKey, string>;
  /** Versions whose migration has run, with the oldest version that works since then. */
  migrated: Map<string, string | undefined>;
  /** All checks. */
  checks: CheckEvidence[];
  /** An override that has been used and is still in the config, as text. */
  servedOverride?: string;
  /** Latest time of an update that changed anything recorded, seconds. */
  latest: number;
}

/** An app, its config, its clock and its record. */
export interface World {
  policy: ReleasePolicy;
  /** Seconds; may go backwards. */
  now: number;
  config: DesiredApp;
  /** The config of the last successful update. */
  accepted: DesiredApp;
  record?: AppRecord;
  /** Release that the cluster's Service selects, if known. */
  liveStable?: ReleaseKey;
  truth: Truth;
}

/** A preview, with its state. */
export interface Decision {
  before: World;
  answer: Plan | Refusal;
}

/** Returns an app that was never deployed. */
export function newWorld(policy: ReleasePolicy): World {
  const config = shop();
  return { policy, now: 0, config, accepted: config, truth: unknownTruth() };
}

/** Returns the result of a preview of the world's config. */
export function decide({ record, config, now, policy, liveStable }: World): Plan | Refusal {
  return plan(record, config, at(now), policy, liveStable);
}

/** Returns the world after a successful legal update, which takes a second. */
export function applied(world: World, made: Plan): World {
  const { truth, config, now } = world;
  const live = made.releases.map(({ key }) => key);
  const recorded = !isDeepStrictEqual(made.next, world.record);
  // A record is at least a millisecond newer than the one before it.
  const latest = recorded ? Math.max(truth.latest + 0.001, now) : truth.latest;
  const changed = new Set(
    made.steps.flatMap((step) => (step.kind === "update-in-place" ? [step.release] : [])),
  );
  const template = JSON.stringify(config.template);
  const kept = (key: ReleaseKey) => (changed.has(key) ? template : truth.templates.get(key));
  return {
    ...world,
    now: now + 1,
    accepted: config,
    record: parseAppRecord(JSON.parse(JSON.stringify(made.next)), config.name),
    liveStable: keyOf(config.stable),
    truth: {
      ...truth,
      proven: new Set([...truth.proven, keyOf(config.stable)].filter((key) => live.includes(key))),
      canary: canaryTruth(world, changed, latest),
      templates: new Map(live.map((key) => [key, kept(key) ?? template])),
      migrated: new Map([...truth.migrated, ...migrations(world, made)]),
      servedOverride: servedBy(world, made),
      latest,
    },
  };
}

/**
 * Returns the world after the loss of the stack's outputs.
 * @param sees whether it is known what the Service selects.
 */
export function withoutRecord(world: World, sees: boolean): World {
  return {
    ...world,
    record: undefined,
    liveStable: sees ? world.liveStable : undefined,
    // The checks still exist in the config.
    truth: { ...unknownTruth(), checks: world.truth.checks },
  };
}

function unknownTruth(): Truth {
  return {
    proven: new Set(),
    templates: new Map(),
    migrated: new Map(),
    checks: [],
    latest: -Infinity,
  };
}

/** The migrations that an update runs, by their versions. */
export function migrations(
  { config }: World,
  { migrating, releases }: Plan,
): [version: string, contract: string | undefined][] {
  return releases
    .filter(({ key }) => migrating.includes(key))
    .map(({ version }) => [version, config.migration?.contract]);
}

function canaryTruth(
  { truth, config, record }: World,
  changed: ReadonlySet<ReleaseKey>,
  latest: number,
): Truth["canary"] {
  if (config.canary === undefined) return undefined;
  const key = keyOf(config.canary);
  const rises = config.canary.weight > (record?.canary?.weight ?? 0);
  const same = truth.canary?.key === key && !changed.has(key);
  if (!same) return { key, since: latest, raised: latest };
  return rises ? { ...truth.canary!, raised: latest } : truth.canary;
}

function servedBy({ config, truth }: World, made: Plan): string | undefined {
  const override = JSON.stringify(config.override);
  const serves = made.steps.some(({ kind }) => kind === "override");
  return serves || override === truth.servedOverride ? override : undefined;
}
