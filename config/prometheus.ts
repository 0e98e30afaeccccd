import type { StackConfig } from "./stack";

/** Address of the Prometheus that the component `monitoring` declares, inside its cluster. */
export const monitoringPrometheus = "http://prometheus.monitoring.svc:9090";

/** A stack whose canaries are checked with its own Prometheus, where the config names no other one. */
export function withPrometheus(stack: StackConfig): StackConfig {
  const { releases, components } = stack;
  if (releases.prometheus !== undefined || components.monitoring === undefined) return stack;
  return { ...stack, releases: { ...releases, prometheus: monitoringPrometheus } };
}

/** Whether the stack has a canary that becomes stable only with a passing check. */
export function canaryNeedsCheck({ releases, apps }: Pick<StackConfig, "releases" | "apps">) {
  const { forcedCanary, checkRequired } = releases;
  return forcedCanary && checkRequired && Object.values(apps).some(({ canary }) => canary);
}

/** What is wrong where checks decide and there is no Prometheus. */
export const noPrometheus =
  "expected a Prometheus to ask, got none: declare monitoring, or set platform:releases.prometheus";
