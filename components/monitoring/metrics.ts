import { dashboardList } from "./dashboards";
import { queriesOf } from "./dashboards/build";
import { ruleGroups } from "./rules";
import type { RuleArgs } from "./rules/args";
import { isAlert } from "./rules/rule";

/** Arguments that produce every possible rule. */
const everything: RuleArgs = {
  objective: 0.999,
  owners: { namespace: "team" },
  runbooks: "https://runbooks",
  parts: {
    kubelet: true,
    etcd: true,
    dns: true,
    logging: { namespace: "logging" },
    tracing: { namespace: "tracing" },
    ci: { namespace: "ci" },
    registry: { namespace: "registry" },
    backup: { oldest: 26 },
  },
};

/** Series that Prometheus makes itself. */
const ownSeries = ["ALERTS", "up"];

/**
 * Returns every metric that a rule or a dashboard uses and that an exporter must provide, without recorded series and
 * those of Prometheus itself. Sorted.
 */
export function metricsUsed(): string[] {
  const rules = Object.values(ruleGroups(everything)).flatMap((groups) =>
    groups.flatMap((group) => group.rules),
  );
  const recorded = rules.flatMap((rule) => (isAlert(rule) ? [] : [rule.record]));
  const made = new Set([...recorded, ...ownSeries]);
  const queries = [...rules.map(({ expr }) => expr), ...dashboardList().flatMap(queriesOf)];
  const names = new Set(queries.flatMap(metricNames));
  return [...names].filter((name) => !made.has(name)).sort();
}

const notMetrics = new Set(["and", "or", "unless", "bool", "offset", "inf", "nan", "atan2"]);

/** Returns the names of the metrics in a query. */
export function metricNames(expr: string): string[] {
  const bare = expr
    .replace(/"(?:[^"\\]|\\.)*"/g, " ")
    .replace(/\{[^}]*\}|\[[^\]]*\]/g, " ")
    .replace(/\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, " ");
  return [...bare.matchAll(/(?<![\w:.])[a-zA-Z_:][\w:]*(?!\s*\(|[\w:])/g)]
    .map(([name]) => name)
    .filter((name) => !notMetrics.has(name.toLowerCase()));
}
