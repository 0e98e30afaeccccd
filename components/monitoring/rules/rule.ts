import { stringify } from "yaml";

/** Urgency of an alert: critical notifies at once, warning in working hours, none never. */
export type Severity = "critical" | "warning" | "none";

/** A query whose result Prometheus stores under a new name. */
export interface RecordingRule {
  /** `<level>:<metric>:<operation>`. */
  record: string;
  expr: string;
  labels?: Record<string, string>;
}

/** A query of which every result is an alert. */
export interface Alert {
  /** Name; its runbook is `<name>.md`. */
  alert: string;
  expr: string;
  /** How long the query must have a result before the alert fires, for example `5m`. */
  for?: string;
  severity: Severity;
  /** Team that receives it. Default: the label `team` of the query's series. */
  team?: string;
  /** Additional labels, to distinguish two alerts of the same name. Default: none. */
  labels?: Record<string, string>;
  /** One line; `{{ $labels.… }}` is replaced by a label of the result. */
  summary: string;
  /** The problem in numbers, and its consequences. */
  description: string;
}

/** Rules that Prometheus evaluates together, in sequence. */
export interface RuleGroup {
  name: string;
  /** Evaluation interval, for example `15s`. Default: the global interval. */
  interval?: string;
  rules: (RecordingRule | Alert)[];
}

/** Whether a rule is an alert. */
export function isAlert(rule: RecordingRule | Alert): rule is Alert {
  return "alert" in rule;
}

/**
 * Returns a rule file in Prometheus' format.
 * @param runbooks URL of the folder of runbooks.
 */
export function ruleFile(groups: RuleGroup[], runbooks: string): string {
  const content = groups.map(({ rules, ...group }) => ({
    ...group,
    rules: rules.map((rule) => (isAlert(rule) ? alertRule(rule, runbooks) : rule)),
  }));
  // Aliases are valid YAML, but hard to read.
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
