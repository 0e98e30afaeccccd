import {
  namespaceOf,
  schemeOf,
  teamsOf,
  type MonitoringConfig,
  type StackConfig,
} from "../../config";
import { loggingNamespace } from "../logging/part";
import { tempoSource } from "../tracing/data-source";
import { tracingNamespace } from "../tracing";
import { dashboards } from "./dashboards";
import type { MonitoringArgs } from "./args";
import { ruleFiles } from "./rules";
import type { MonitoredParts, RuleArgs } from "./rules/args";

/** Returns the arguments of the component for a stack: its config, and what to monitor. */
export function monitoringArgs(
  stack: StackConfig,
  { alertRoutes: routes, objective, runbooks, ...config }: MonitoringConfig,
): Omit<MonitoringArgs, "context" | "gateway"> {
  return {
    ...config,
    routes,
    domain: stack.domain,
    scheme: schemeOf(stack),
    rules: ruleFiles(ruleArgs(stack, { objective, runbooks })),
    dashboards: dashboards(monitoredParts(stack)),
    teamNamespaces: Object.values(teamsOf(stack)).map(({ namespace }) => namespace),
    scaler: stack.components.autoscaling?.keda?.installedIn,
    dataSources: stack.components.tracing === undefined ? [] : [tempoSource],
  };
}

type Stack = Pick<StackConfig, "apps" | "branch" | "components" | "environment">;

/** Returns what to monitor according to a stack's config: its apps, their owners, and its parts. */
export function ruleArgs(stack: Stack, config: { objective: number; runbooks: string }): RuleArgs {
  const { apps, components } = stack;
  const namespace = (team: string) => namespaceOf(team, stack);
  const teams = new Set([
    ...Object.keys(components.tenancy?.teams ?? {}),
    ...Object.values(apps).map(({ team }) => team),
  ]);
  return {
    objective: config.objective,
    owners: Object.fromEntries([...teams].sort().map((team) => [namespace(team), team])),
    runbooks: config.runbooks,
    parts: monitoredParts(stack),
  };
}

/** Returns the parts of the platform that have their own rules and dashboards. */
function monitoredParts({ components }: Pick<Stack, "components">): MonitoredParts {
  return {
    kubelet: components.monitoring?.controlPlane.kubelet.enabled ?? false,
    etcd: components.monitoring?.controlPlane.etcd.enabled ?? false,
    dns: components.monitoring?.controlPlane.coredns.enabled ?? false,
    // An external part is monitored elsewhere.
    ...(components.ci?.external === undefined && components.ci ? { ci: { namespace: "ci" } } : {}),
    ...(components.registry && !("external" in components.registry)
      ? { registry: { namespace: "registry" } }
      : {}),
    ...(components.logging ? { logging: { namespace: loggingNamespace } } : {}),
    ...(components.tracing ? { tracing: { namespace: tracingNamespace } } : {}),
    // Every system is backed up at least once a day; two hours allow for a late start and a long run.
    ...(components.backup === undefined ? {} : { backup: { oldest: 26 } }),
  };
}
