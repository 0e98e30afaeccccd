import type { ComponentsConfig } from "../../config";
import { loggingNamespace } from "../logging/part";
import { tracingNamespace } from "../tracing";
import type { MonitoringArgs } from "./args";
import type { MonitoredParts, OtherParts, RuleArgs } from "./rules/args";

/** Returns the parts of a stack next to the monitoring that have their own rules and dashboards. */
export function otherParts({
  ci,
  registry,
  logging,
  tracing,
  backup,
}: Pick<ComponentsConfig, "ci" | "registry" | "logging" | "tracing" | "backup">): OtherParts {
  return {
    // An external part is monitored elsewhere.
    ...(ci && ci.external === undefined ? { ci: { namespace: "ci" } } : {}),
    ...(registry && !("external" in registry) ? { registry: { namespace: "registry" } } : {}),
    ...(logging ? { logging: { namespace: loggingNamespace } } : {}),
    ...(tracing ? { tracing: { namespace: tracingNamespace } } : {}),
    // Every system is backed up at least once a day; two hours allow for a late start and a long run.
    ...(backup === undefined ? {} : { backup: { oldest: 26 } }),
  };
}

type Monitored = Pick<MonitoringArgs, "config" | "owners" | "parts">;

/** Returns everything that has its own rules and dashboards. */
export function monitoredParts({
  config: { controlPlane },
  parts,
}: Pick<Monitored, "config" | "parts">): MonitoredParts {
  return {
    kubelet: controlPlane.kubelet.enabled,
    etcd: controlPlane.etcd.enabled,
    dns: controlPlane.coredns.enabled,
    ...parts,
  };
}

/** Returns what the rules are about. */
export function ruleArgs({ config, owners, parts }: Monitored): RuleArgs {
  const { objective, runbooks } = config;
  return { objective, owners, runbooks, parts: monitoredParts({ config, parts }) };
}
