import { appRatios, requestCounters } from "./apps";
import type { RuleArgs, RuleSettings } from "./args";
import { backups } from "./backup";
import { dns } from "./dns";
import { errorBudgets } from "./budgets";
import { canaries } from "./canary";
import { certificates, etcd } from "./control-plane";
import { harbor, jenkins } from "./delivery";
import { logging } from "./logging";
import { nodes } from "./nodes";
import { owners } from "./owners";
import { ruleFile, type RuleGroup } from "./rule";
import { self } from "./self";
import { tracing } from "./tracing";
import { workloads } from "./workloads";

/** Team that operates the platform if the config names none. */
export const defaultPlatformTeam = "platform";

/**
 * Returns every rule, by the file that contains it. The queries expect the exporters' own labels: kube-state-metrics
 * and the exporters keep their `namespace`, `pod` and `node` (`honor_labels`), Traefik keeps its `service`, and no
 * label of a target replaces those.
 */
export function ruleGroups(args: RuleArgs): Record<string, RuleGroup[]> {
  const watched: RuleSettings = { ...args, platformTeam: args.platformTeam ?? defaultPlatformTeam };
  const { objective, platformTeam: team, parts } = watched;
  const files: Record<string, RuleGroup[]> = {
    "apps.yaml": [
      requestCounters(watched.owners, team),
      appRatios(),
      errorBudgets(objective),
      canaries(),
    ],
    "workloads.yaml": [workloads(owners(watched))],
    "nodes.yaml": [nodes(team)],
    "control-plane.yaml": [
      certificates(team),
      etcd(team, parts.etcd ?? false),
      ...(parts.dns ? [dns(team)] : []),
    ],
    "logging.yaml": parts.logging ? logging(parts.logging, team) : [],
    "tracing.yaml": parts.tracing ? tracing(parts.tracing, team) : [],
    "delivery.yaml": [
      ...(parts.ci ? [jenkins(parts.ci, team)] : []),
      ...(parts.registry ? [harbor(parts.registry, team)] : []),
    ],
    "backups.yaml": parts.backup ? [backups(team, parts.backup.oldest)] : [],
    "monitoring.yaml": [self(team, parts)],
  };
  return Object.fromEntries(Object.entries(files).filter(([, groups]) => groups.length > 0));
}

/** Returns Prometheus's rule files: their content by file name. */
export function ruleFiles(args: RuleArgs): Record<string, string> {
  return Object.fromEntries(
    Object.entries(ruleGroups(args)).map(([file, groups]) => [
      file,
      ruleFile(groups, args.runbooks),
    ]),
  );
}
