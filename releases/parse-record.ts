import { z } from "zod";
import { liveRelease, type AppRecord } from "./record";
import { lookup } from "../config/lookup";
import { isTemplate, templateHash, type Template } from "./template";
import { keyOf } from "./version";
import { isWeight, type Weight } from "./weight";

/** The record of an app cannot be read. Without it, nothing can be decided. */
export class UnreadableRecord extends Error {
  constructor(app: string, problem: string, remedy: string) {
    super(
      `The record of app "${app}" in the stack's outputs cannot be read: ${problem}. ` +
        `Nothing was changed. ${remedy}`,
    );
    this.name = "UnreadableRecord";
  }
}

/**
 * Returns the record of an app as the last update left it.
 * @throws UnreadableRecord for a record that is damaged or has another schema. If such a record counted as a
 * first deployment, a release could skip its canary.
 */
export function parseAppRecord(value: unknown, app: string): AppRecord {
  const { success, data } = versioned.safeParse(value);
  if (success && data.schema !== 1) {
    const problem = `it has schema ${JSON.stringify(data.schema)}, this program reads schema 1`;
    throw new UnreadableRecord(app, problem, "Use the version of the program that wrote it.");
  }
  const parsed = recordSchema.safeParse(value);
  const problems = parsed.success ? contradictions(parsed.data) : issuesOf(parsed.error);
  if (parsed.success && problems.length === 0) return parsed.data;
  const remedy = "Restore the stack's state from its history.";
  throw new UnreadableRecord(app, problems.join("; "), remedy);
}

const versioned = z.object({ schema: z.unknown() });
const moment = z.iso.datetime();
const override = { by: z.string(), reason: z.string() };

const checkSchema = z.strictObject({
  window: z.number(),
  maximumErrorRatio: z.number(),
  highestErrorRatio: z.number(),
  errorFactor: z.number(),
  quantile: z.number(),
  latencyFactor: z.number(),
  maximumRestarts: z.number(),
  windows: z.array(z.number()),
  queries: z.record(
    z.string(),
    z.strictObject({
      query: z.string(),
      max: z.number().optional(),
      min: z.number().optional(),
    }),
  ),
  prometheus: z.string().optional(),
});

const releaseSchema = z.strictObject({
  version: z.string(),
  revision: z.int().min(1),
  digest: z.string().optional(),
  template: z.string(),
  firstDeployedAt: moment,
  canarySince: moment.optional(),
  canaryUntil: moment.optional(),
  stableSince: moment.optional(),
  check: z
    .strictObject({
      verdict: z.enum(["pass", "fail", "inconclusive"]),
      at: z.string(),
      release: z.string(),
      samples: z.number(),
      rules: z.string().optional(),
    })
    .optional(),
});

const recordSchema: z.ZodType<AppRecord> = z.strictObject({
  schema: z.literal(1),
  changedAt: moment,
  namespace: z.string().optional(),
  stable: z.string(),
  canary: z
    .strictObject({
      key: z.string(),
      weight: z.custom<Weight>(
        (it) => typeof it === "number" && isWeight(it),
        "expected a whole number from 0 to 100",
      ),
    })
    .optional(),
  retained: z.array(z.string()),
  releases: z.record(z.string(), releaseSchema),
  templates: z.record(z.string(), z.custom<Template>(isTemplate, "expected a map of JSON values")),
  configTemplate: z.string(),
  schedules: z.custom<Template>(isTemplate, "expected a map of JSON values").optional(),
  noRollbackBelow: z.string().optional(),
  migrated: z
    .array(z.strictObject({ version: z.string(), at: moment, contract: z.string().optional() }))
    .optional(),
  guard: z
    .strictObject({
      forcedCanary: z.boolean(),
      soak: z.number(),
      checkRequired: z.boolean(),
      checkValid: z.number().optional(),
      minimumSamples: z.number().optional(),
      check: checkSchema.optional(),
      requires: z.string().optional(),
      weaker: z.strictObject(override).optional(),
      freezes: z.array(
        z.strictObject({ scope: z.string(), until: z.string(), reason: z.string() }),
      ),
    })
    .optional(),
  usedOverride: z.strictObject(override).optional(),
  history: z.array(
    z.strictObject({
      at: moment,
      kind: z.enum(["first", "adopt", "promote", "rollback", "jump", "override", "policy"]),
      from: z.string().optional(),
      to: z.string(),
      digest: z.string().optional(),
      by: override.by.optional(),
      reason: override.reason.optional(),
      rules: z.array(z.string()).optional(),
    }),
  ),
  canaries: z
    .array(
      z.strictObject({
        at: moment,
        kind: z.enum(["start", "weigh", "end"]),
        release: z.string(),
        weight: z.number().optional(),
      }),
    )
    .optional(),
});

function issuesOf({ issues }: z.ZodError): string[] {
  return issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join(".")}: ${message}`,
  );
}

/** Checks that the schema cannot express: roles, keys and templates must match. */
function contradictions(record: AppRecord): string[] {
  const { stable, canary, retained, releases, templates } = record;
  const roles = [stable, ...(canary === undefined ? [] : [canary.key]), ...retained];
  const live = Object.entries(releases);
  const hashes = [record.configTemplate, ...live.map(([, { template }]) => template)];
  return [
    ...repeated(roles).map((key) => `release ${key} has two roles`),
    ...roles
      .filter((key) => liveRelease(record, key) === undefined)
      .map((key) => `release ${key} has a role but no description`),
    ...live.filter(([key]) => !roles.includes(key)).map(([key]) => `release ${key} has no role`),
    ...live
      .filter(([key, release]) => keyOf(release) !== key)
      .map(([key, release]) => `release ${key} describes itself as ${keyOf(release)}`),
    ...[stable, ...retained]
      .filter((key) => liveRelease(record, key)?.stableSince === undefined)
      .map((key) => `release ${key} has no time at which it became stable`),
    // A worker's canary at 0% has no pods yet.
    ...(canary !== undefined &&
    canary.weight > 0 &&
    liveRelease(record, canary.key)?.canarySince === undefined
      ? [`canary ${canary.key} has no time at which it became the canary`]
      : []),
    ...[...new Set(hashes)]
      .filter((hash) => lookup(templates, hash) === undefined)
      .map((hash) => `template ${hash} is missing`),
    ...Object.entries(templates)
      .filter(([hash, template]) => templateHash(template) !== hash)
      .map(([hash]) => `template ${hash} is not what was recorded`),
  ];
}

function repeated(keys: readonly string[]): string[] {
  return [...new Set(keys.filter((key, at) => keys.indexOf(key) !== at))];
}
