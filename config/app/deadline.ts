import { isWorker } from "./kinds";
import { presetOf } from "./resolved";
import type { ReleaseTemplate } from "./template";

/** Default and maximum of `progressDeadlineSeconds`, seconds. */
export const deadlines = { usual: 300, longest: 3600 };

/** Time in which a pod is scheduled and its images are pulled, before its containers start, seconds. */
const untilItStarts = 60;

/** What the kubelet assumes for a probe without these fields. */
const probeDefaults = { periodSeconds: 10, failureThreshold: 3 };

/**
 * Returns the time within which the pods of a release must become ready, seconds.
 * @param configured `progressDeadlineSeconds` of the app. Default: 300, or more if the startup probe allows more: the
 * update would give up a pod that may still start.
 */
export function readyWithin(
  template: Pick<ReleaseTemplate, "kind" | "preset" | "probes" | "resolved">,
  configured: number | undefined,
): number {
  if (configured !== undefined) return configured;
  const usual = isWorker(template) ? undefined : presetOf(template).probes.startup;
  const startup = template.probes?.startup ?? usual;
  if (startup === undefined) return deadlines.usual;
  const { periodSeconds, failureThreshold } = { ...probeDefaults, ...startup };
  const allowed = periodSeconds * failureThreshold + untilItStarts;
  return Math.min(deadlines.longest, Math.max(deadlines.usual, allowed));
}
