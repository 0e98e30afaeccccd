import { own, templateHash, type Template, type TemplateHash } from "./template";
import type { RecordedGuard } from "./guard";
import type { Schedules } from "./schedules";
import type { CheckEvidence, Override } from "./types";
import type { ReleaseKey } from "./version";
import type { Weight } from "./weight";

/** One live release, as the last update left it. Times are UTC, ISO 8601. */
export interface RecordedRelease {
  version: string;
  revision: number;
  /** Digest of its image, where the config named one when it was first deployed. */
  digest?: string;
  /** Template that it was first deployed with, a key of the record's `templates`. */
  template: TemplateHash;
  firstDeployedAt: string;
  /** When its latest time as canary began; nothing while it is a worker's canary at 0%, which has no pods. */
  canarySince?: string;
  /** When that ended; nothing while it is canary. */
  canaryUntil?: string;
  /** When it last became stable; undefined if it never was. */
  stableSince?: string;
  /** The newest check of it that an update saw. */
  check?: CheckEvidence;
}

/** A change of the stable role, a rule that was set aside, or a policy that became weaker. */
export interface HistoryEntry {
  at: string;
  kind: "first" | "adopt" | "promote" | "rollback" | "jump" | "override" | "policy";
  /** Stable before; nothing when nothing was recorded. */
  from?: ReleaseKey;
  /** Stable after. */
  to: ReleaseKey;
  /** Digest of its image, where the config names one; older programs wrote none. */
  digest?: string;
  /** Who set rules aside, and why. */
  by?: string;
  reason?: string;
  /** The rules that were set aside. */
  rules?: string[];
}

/** What the last successful update recorded of an app. */
export interface AppRecord {
  schema: 1;
  /** When an update last changed anything in here. */
  changedAt: string;
  /** Namespace of its objects; older programs wrote it only into the stack's output `apps`. */
  namespace?: string;
  stable: ReleaseKey;
  canary?: { key: ReleaseKey; weight: Weight };
  /** Former stable releases that still run, the latest first. */
  retained: ReleaseKey[];
  releases: Record<ReleaseKey, RecordedRelease>;
  /** Each template once, however many releases share it. */
  templates: Record<TemplateHash, Template>;
  /** The template that the config had, whichever releases were made from it. */
  configTemplate: TemplateHash;
  /** When the jobs of its live releases run; older programs wrote none. */
  schedules?: Schedules;
  /** The config's, so that a change which drops it cannot also go below it. */
  noRollbackBelow?: string;
  /** Versions whose migration ran, the latest first; nothing before the first one. */
  migrated?: RecordedMigration[];
  /** The policy and the freezes that were in force; unknown to records of older programs. */
  guard?: RecordedGuard;
  /** The config's override, once it has served a change. */
  usedOverride?: Override;
  /** The latest first. */
  history: HistoryEntry[];
  /** What became of canaries, the latest first; nothing before the first one. */
  canaries?: CanaryEvent[];
}

/** A migration that ran. */
export interface RecordedMigration {
  version: string;
  at: string;
  /** Oldest version that works since then. Default: every version. */
  contract?: string;
}

/** A change of the canary role. */
export interface CanaryEvent {
  at: string;
  kind: "start" | "weigh" | "end";
  release: ReleaseKey;
  /** Its share from then on; nothing when it ended. */
  weight?: number;
}

/** Changes of the stable role that a record remembers. */
export const historyLength = 10;

/** Changes of the canary role that it remembers: several releases with a handful of steps each. */
export const canariesLength = 30;

/** A live release by its key; nothing when it does not run. */
export function liveRelease(record: AppRecord, key: ReleaseKey): RecordedRelease | undefined {
  return own(record.releases, key);
}

/** A release that has a role; a record describes each of them. */
export function describedRelease(record: AppRecord, key: ReleaseKey): RecordedRelease {
  const release = liveRelease(record, key);
  if (release === undefined) throw new Error(`The record does not describe release ${key}.`);
  return release;
}

/** The template behind a hash of a record. */
export function recordedTemplate(record: AppRecord, hash: TemplateHash): Template {
  const template = own(record.templates, hash);
  if (template === undefined) throw new Error(`The record holds no template ${hash}.`);
  return template;
}

/**
 * A record with each template rewritten, for a program whose templates have gained fields since:
 * without it, a new field's default would look like a change of every live release.
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
