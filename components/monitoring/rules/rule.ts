import { stringify } from "yaml";

/** Whom an alert wakes: critical at once, warning in working hours, none nobody. */
export type Severity = "critical" | "warning" | "none";

/** A query whose result Prometheus stores under a name of its own. */
export interface RecordingRule {
  /** `<level>:<metric>:<operation>`. */
  record: string;
  expr: string;
  labels?: Record<string, string>;
}

/** A query whose every result is an alert. */
export interface Alert {
  /** Name; its runbook is `<name>.md`. */
  alert: string;
  expr: string;
  /** How long the query must have a result before the alert fires, for example `5m`. */
  for?: string;
  severity: Severity;
  /** Team that is told; left out where the query's own series have the label `team`. */
  team?: string;
  /** Further labels, where one query does not tell two alerts of a name apart. */
  labels?: Record<string, string>;
  /** One line; `{{ $labels.… }}` stands for a label of the result. */
  summary: string;
  /** What is wrong in numbers, and what follows from it. */
  description: string;
}

/** Rules that are evaluated together, one after the other. */
export interface RuleGroup {
  name: string;
  /** How often, for example `15s`; Prometheus's own default without it. */
  interval?: string;
  rules: (RecordingRule | Alert)[];
}

/** Whether a rule is an alert. */
export function isAlert(rule: RecordingRule | Alert): rule is Alert {
  return "alert" in rule;
}

/**
 * A rule file as Prometheus reads it.
 * @param runbooks URL of the folder of runbooks.
 */
export function ruleFile(groups: RuleGroup[], runbooks: string): string {
  const content = groups.map(({ rules, ...group }) => ({
    ...group,
    rules: rules.map((rule) => (isAlert(rule) ? alertRule(rule, runbooks) : rule)),
  }));
  // Aliases would be valid YAML and hard to read.
  return stringify({ groups: content }, { aliasDuplicateObjects: false, lineWidth: 0 });
}

function alertRule(alert: Alert, runbooks: string): object {
  const { severity, team, summary, description, ...rule } = alert;
  return {
    ...rule,
    labels: { ...alert.labels, severity, ...(team === undefined ? {} : { team }) },
    annotations: {
      summary,
      description,
      runbook_url: `${runbooks.replace(/\/+$/, "")}/${alert.alert}.md`,
    },
  };
}
