import type { Change } from "./change";
import { liveRelease, recordedTemplate, type AppRecord } from "./record";
import { differences, templateHash } from "./template";
import type { DesiredApp, ReleasePolicy } from "./types";
import type { ReleaseKey } from "./version";

/** The effect of an edit of the config's template, which is compared with the config of the last update. */
export type TemplateChange =
  /** None, or it only returns to the template of a release that the config names. */
  | { kind: "none" }
  /** A release that is new in this update is created from it. */
  | { kind: "new-release" }
  /** The pods of these releases are replaced; only if no canary is forced. */
  | { kind: "in-place"; keys: ReleaseKey[]; paths: string[] }
  /** The update goes back and deploys nothing. The next new release is created from it. */
  | { kind: "waits"; paths: string[] }
  /** Pods of live releases would have to change. */
  | { kind: "refused"; paths: string[] };

/** Returns the effect of an edit of the config's template. */
export function templateChange(
  record: AppRecord | undefined,
  { template }: DesiredApp,
  change: Change,
  { forcedCanary }: ReleasePolicy,
): TemplateChange {
  if (record === undefined || change.added.length > 0) return { kind: "new-release" };
  const hash = templateHash(template);
  if (hash === record.configTemplate) return { kind: "none" };
  const named = [change.stableKey, ...(change.canaryKey === undefined ? [] : [change.canaryKey])];
  const others = named.filter((key) => liveRelease(record, key)?.template !== hash);
  const paths = differences(recordedTemplate(record, record.configTemplate), template);
  if (!forcedCanary) {
    return others.length === 0 ? { kind: "none" } : { kind: "in-place", keys: others, paths };
  }
  if (others.length < named.length) return { kind: "none" };
  return goesBack(change) ? { kind: "waits", paths } : { kind: "refused", paths };
}

// An edit in the same change never blocks going back: reverting a commit does both.
function goesBack({ stable, canary }: Change): boolean {
  return stable.kind === "rollback" || canary.kind === "abort";
}
