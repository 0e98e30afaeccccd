import { lookup } from "../config/lookup";
import { templateHash, type Template, type TemplateHash } from "./template";
import type { Schedules } from "./schedules";
import type { CheckEvidence, Override, RecordedGuard, RecordedMigration } from "./types";
import type { ReleaseKey } from "./version";
import type { Weight } from "./weight";

/** A live release, as the last update left it. Times are UTC, ISO 8601. */
export interface RecordedRelease {
  version: string;
  revision: number;
  /** Digest of its image, if the config named one when it was first deployed. */
  digest?: string;
  /** Template of its first deployment, a key of the record's `templates`. */
  template: TemplateHash;
  firstDeployedAt: string;
  /** When its latest time as canary began; undefined for a worker's canary at 0%, which has no pods. */
  canarySince?: string;
  /** When its latest time as canary ended; undefined while it is canary. */
  canaryUntil?: string;
  /** When it last became stable; undefined if it never was. */
  stableSince?: string;
  /** Its newest check that an update saw. */
  check?: CheckEvidence;
}

/** A change of the stable role, an overridden rule, or a policy that became weaker. */
export interface HistoryEntry {
  at: string;
  kind: "first" | "adopt" | "promote" | "rollback" | "jump" | "override" | "policy";
  /** Stable release before; undefined if nothing was recorded. */
  from?: ReleaseKey;
  /** Stable release after. */
  to: ReleaseKey;
  /** Digest of its image, if the config names one. Older programs wrote none. */
  digest?: string;
  /** Who overrode rules, and why. */
  by?: string;
  reason?: string;
  /** The overridden rules. */
  rules?: string[];
}

/** What the last successful update recorded about an app. */
export interface AppRecord {
  schema: 1;
  /** When an update last changed anything in this record. */
  changedAt: string;
  /** Namespace of its objects. Older programs wrote it only into the stack's output `apps`. */
  namespace?: string;
  stable: ReleaseKey;
  canary?: { key: ReleaseKey; weight: Weight };
  /** Former stable releases that still run, the latest first. */
  retained: ReleaseKey[];
  releases: Record<ReleaseKey, RecordedRelease>;
  /** Each template once, even if several releases share it. */
  templates: Record<TemplateHash, Template>;
  /** The template in the config, whether or not a release was created from it. */
  configTemplate: TemplateHash;
  /** Schedules of the jobs of its live releases. Older programs wrote none. */
  schedules?: Schedules;
  /** The floor in the config, so that a change that removes it cannot also go below it. */
  noRollbackBelow?: string;
  /** Versions whose migration ran, the latest first; undefined before the first one. */
  migrated?: RecordedMigration[];
  /** The policy and the freezes that were in force. Records of older programs do not have them. */
  guard?: RecordedGuard;
  /** The config's override, after it was used for a change. */
  usedOverride?: Override;
  /** Changes, the latest first. */
  history: HistoryEntry[];
  /** Changes of the canary role, the latest first; undefined before the first one. */
  canaries?: CanaryEvent[];
}

/** A change of the canary role. */
export interface CanaryEvent {
  at: string;
  kind: "start" | "weigh" | "end";
  release: ReleaseKey;
  /** Its share from then on; undefined if it ended. */
  weight?: number;
}

/** Number of changes of the stable role in a record. */
export const historyLength = 10;

/** Number of changes of the canary role in a record: enough for several releases with some steps each. */
export const canariesLength = 30;

/** Returns a live release by its key; undefined if it does not run. */
export function liveRelease(record: AppRecord, key: ReleaseKey): RecordedRelease | undefined {
  return lookup(record.releases, key);
}

/** Returns a release that has a role; a record describes each of them. */
export function describedRelease(record: AppRecord, key: ReleaseKey): RecordedRelease {
  const release = liveRelease(record, key);
  if (release === undefined) throw new Error(`The record does not describe release ${key}.`);
  return release;
}

/** Returns the template of a record with a hash. */
export function recordedTemplate(record: AppRecord, hash: TemplateHash): Template {
  const template = lookup(record.templates, hash);
  if (template === undefined) throw new Error(`The record holds no template ${hash}.`);
  return template;
}

/**
 * Returns a record with each template rewritten, for a program whose templates have new fields. Otherwise the
 * default of a new field would look like a change of every live release.
 */
export function mapTemplates(record: AppRecord, rewrite: (old: Template) => Template): AppRecord {
  const rewritten = new Map(
    Object.entries(record.templates).map(([hash, template]) => {
      const now = rewrite(template);
      return [hash, { hash: templateHash(now), template: now }];
    }),
  );
  const renamed = (hash: TemplateHash) => rewritten.get(hash)?.hash ?? hash;
  return {
    ...record,
    configTemplate: renamed(record.configTemplate),
    templates: Object.fromEntries([...rewritten.values()].map((it) => [it.hash, it.template])),
    releases: Object.fromEntries(
      Object.entries(record.releases).map(([key, release]) => [
        key,
        { ...release, template: renamed(release.template) },
      ]),
    ),
  };
}
