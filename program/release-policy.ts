import type { AppConfig, StackConfig } from "../config";
import { isWorker } from "../config/app/kinds";
import { checkRules, type AppRecord, type CheckRules, type ReleasePolicy } from "../releases";

/** In the rules of a check, instead of an address: the Prometheus that a platform stack, which follows, names. */
const ofPlatformStack = "platform stack";

/** Which Prometheus a check asks: one at an address, or the one that a platform stack names. */
export type AskedPrometheus = { address: string } | { platformStack: string };

/**
 * Reads the Prometheus of the rules of a check.
 * @returns nothing where there is none, or where an older program recorded that it was the platform stack's without
 *   the name of that stack.
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
 * The record with the name of the platform stack whose Prometheus checks ask. Older programs did not record the name;
 * the stack that the config names at the first update after them counts as the one that was meant.
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
 * What a stack asks of releases, in the terms of the release rules.
 * @param app whose releases; it adds queries of its own. A worker has no requests, so that it is judged by
 *   its own queries alone.
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
