import type { AppConfig, StackConfig } from "../config";
import { isWorker } from "../config/app/kinds";
import { checkRules, type AppRecord, type CheckRules, type ReleasePolicy } from "../releases";

/**
 * Prefix of a platform stack's name that replaces an address in the rules of a check: that stack names the
 * Prometheus.
 */
const ofPlatformStack = "platform stack";

/** The Prometheus that a check queries: at an address, or the one that a platform stack names. */
export type AskedPrometheus = { address: string } | { platformStack: string };

/**
 * Returns the Prometheus in the rules of a check.
 * @returns undefined if there is none, or if an older program recorded only that it is the platform stack's,
 * without the name of that stack.
 */
export function prometheusIn({
  prometheus,
}: Pick<CheckRules, "prometheus">): AskedPrometheus | undefined {
  if (prometheus === undefined || prometheus === ofPlatformStack) return undefined;
  return prometheus.startsWith(`${ofPlatformStack} `)
    ? { platformStack: prometheus.slice(ofPlatformStack.length + 1) }
    : { address: prometheus };
}

/**
 * Returns the record with the name of the platform stack whose Prometheus checks query. Older programs did not
 * record the name; the stack that the config names at the first update with this version counts as the one that
 * was meant.
 */
export function withPlatformStackNamed(
  record: AppRecord,
  { platformStack }: Pick<StackConfig, "platformStack">,
): AppRecord {
  const { guard } = record;
  if (platformStack === undefined || guard?.check?.prometheus !== ofPlatformStack) return record;
  const check = { ...guard.check, prometheus: `${ofPlatformStack} ${platformStack}` };
  return { ...record, guard: { ...guard, check } };
}

/**
 * Returns a stack's release policy in the form that the release rules use.
 * @param app the app, which can add queries. A worker has no requests, so only its own queries judge it.
 */
export function policyOf(
  {
    releases: { check, prometheus, ...policy },
    platformStack,
  }: Pick<StackConfig, "releases" | "platformStack">,
  app: Partial<Pick<AppConfig, "kind" | "check">> = {},
): ReleasePolicy & { check: CheckRules; minimumSamples: number } {
  const { validFor: checkValid, minimumRequests } = check;
  const own = app.check?.queries ?? {};
  const queries = isWorker(app) ? own : { ...check.queries, ...own };
  const minimumSamples = isWorker(app) ? 0 : minimumRequests;
  const asked = prometheus ?? (platformStack && `${ofPlatformStack} ${platformStack}`);
  const rules = checkRules({ ...check, queries, prometheus: asked });
  return { ...policy, checkValid, minimumSamples, check: rules };
}
