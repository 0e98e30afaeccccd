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

/** What really happened to the app, kept apart from what the machine records. */
export interface Truth {
  /** Releases that were stable and have been running ever since. */
  proven: Set<ReleaseKey>;
  /** The canary, and the latest moment that any clock had shown when it began. */
  canary?: { key: ReleaseKey; since: number };
  /** What each live release was made from, as text. */
  templates: Map<ReleaseKey, string>;
  /** Every check ever made. */
  checks: CheckEvidence[];
  /** The override that has served a change and stands in the config ever since, as text. */
  servedOverride?: string;
  /** The latest moment of an update that changed anything recorded, seconds. */
  latest: number;
}

/** An app, its config, its clock and its record. */
export interface World {
  policy: ReleasePolicy;
  /** Seconds; may go backwards. */
  now: number;
  config: DesiredApp;
  /** The config of the last update that succeeded. */
  accepted: DesiredApp;
  record?: AppRecord;
  /** Release that the cluster's Service selects, if the caller can tell. */
  liveStable?: ReleaseKey;
  truth: Truth;
}

/** One preview, with the state that it was made from. */
export interface Decision {
  before: World;
  answer: Plan | Refusal;
}

/** An app that was never deployed. */
export function newWorld(policy: ReleasePolicy): World {
  const config = shop();
  return { policy, now: 0, config, accepted: config, truth: unknownTruth() };
}

/** Previews the world's config. */
export function decide({ record, config, now, policy, liveStable }: World): Plan | Refusal {
  return plan(record, config, at(now), policy, liveStable);
}

/** The world after a legal update has succeeded. */
export function applied(world: World, made: Plan): World {
  const { truth, config, now } = world;
  const live = made.releases.map(({ key }) => key);
  const recorded = !isDeepStrictEqual(made.next, world.record);
  const latest = recorded ? Math.max(truth.latest, now) : truth.latest;
  const changed = new Set(
    made.steps.flatMap((step) => (step.kind === "update-in-place" ? [step.release] : [])),
  );
  const template = JSON.stringify(config.template);
  const kept = (key: ReleaseKey) => (changed.has(key) ? template : truth.templates.get(key));
  return {
    ...world,
    accepted: config,
    record: parseAppRecord(JSON.parse(JSON.stringify(made.next)), config.name),
    liveStable: keyOf(config.stable),
    truth: {
      ...truth,
      proven: new Set([...truth.proven, keyOf(config.stable)].filter((key) => live.includes(key))),
      canary: canaryTruth(world, changed, latest),
      templates: new Map(live.map((key) => [key, kept(key) ?? template])),
      servedOverride: servedBy(world, made),
      latest,
    },
  };
}

/** The world whose stack lost its outputs; the caller may still see what the Service selects. */
export function withoutRecord(world: World, sees: boolean): World {
  return {
    ...world,
    record: undefined,
    liveStable: sees ? world.liveStable : undefined,
    // Checks were made all the same, and stand in the config.
    truth: { ...unknownTruth(), checks: world.truth.checks },
  };
}

function unknownTruth(): Truth {
  return {
    proven: new Set(),
    templates: new Map(),
    checks: [],
    latest: -Infinity,
  };
}

function canaryTruth(
  { truth, config }: World,
  changed: ReadonlySet<ReleaseKey>,
  latest: number,
): Truth["canary"] {
  if (config.canary === undefined) return undefined;
  const key = keyOf(config.canary);
  const same = truth.canary?.key === key && !changed.has(key);
  return same ? truth.canary : { key, since: latest };
}

function servedBy({ config, truth }: World, made: Plan): string | undefined {
  const override = JSON.stringify(config.override);
  const serves = made.steps.some(({ kind }) => kind === "override");
  return serves || override === truth.servedOverride ? override : undefined;
}
