import { monitoringPrometheus } from "./prometheus-server";
import type { StackConfig } from "./stack";

/** Returns a stack whose canaries are checked with its own Prometheus, unless the config names another one. */
export function withPrometheus(stack: StackConfig): StackConfig {
  const { releases, components } = stack;
  if (releases.prometheus !== undefined || components.monitoring === undefined) return stack;
  return { ...stack, releases: { ...releases, prometheus: monitoringPrometheus } };
}

/** Whether the stack has a canary that can be promoted only after a passing check. */
export function canaryNeedsCheck({ releases, apps }: Pick<StackConfig, "releases" | "apps">) {
  const { forcedCanary, checkRequired } = releases;
  return forcedCanary && checkRequired && Object.values(apps).some(({ canary }) => canary);
}

/** The error if checks are required and there is no Prometheus. */
export const noPrometheus =
  "expected a Prometheus to query, got none: declare monitoring, or set platform:releases.prometheus";
