import { isWorker } from "./kinds";
import { presetOf } from "./resolved";
import type { ReleaseTemplate } from "./template";

/** Default and maximum of `progressDeadlineSeconds`, seconds. */
export const deadlines = { default: 300, maximum: 3600 };

/** Time in which a pod is scheduled and its images are pulled, before its containers start, seconds. */
const schedulingSeconds = 60;

/** What the kubelet assumes for a probe without these fields. */
const probeDefaults = { periodSeconds: 10, failureThreshold: 3 };

/**
 * Returns the time within which the pods of a release must become ready, seconds.
 * @param configured `progressDeadlineSeconds` of the app. Default: 300, or more if the startup probe allows more,
 * because the update would otherwise give up on a pod that may still start.
 */
export function readyWithin(
  template: Pick<ReleaseTemplate, "kind" | "preset" | "probes" | "resolved">,
  configured: number | undefined,
): number {
  if (configured !== undefined) return configured;
  const preset = isWorker(template) ? undefined : presetOf(template).probes.startup;
  const startup = template.probes?.startup ?? preset;
  if (startup === undefined) return deadlines.default;
  const { periodSeconds, failureThreshold } = { ...probeDefaults, ...startup };
  const allowed = periodSeconds * failureThreshold + schedulingSeconds;
  return Math.min(deadlines.maximum, Math.max(deadlines.default, allowed));
}
