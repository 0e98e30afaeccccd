import type { MetricRules } from "./stored-control-plane";

/** A relabeling rule in the format of Prometheus' file. */
export interface RelabelRule {
  /** Labels whose values are joined with `;`. */
  source_labels?: string[];
  /** Must match the whole joined value. Default: any value. */
  regex?: string;
  target_label?: string;
  /** Default: `$1`. */
  replacement?: string;
  action?: "replace" | "keep" | "drop" | "labelmap" | "labeldrop";
}

/** Labels of a series or of a target. */
export type Labels = Record<string, string>;

/** Keeps only targets or series whose label matches. */
export function keep(labels: string | string[], regex: string): RelabelRule {
  return { source_labels: [labels].flat(), regex, action: "keep" };
}

/** Drops targets or series whose label matches. */
export function drop(labels: string | string[], regex: string): RelabelRule {
  return { source_labels: [labels].flat(), regex, action: "drop" };
}

/** Sets a label from another one. */
export function copy(from: string, to: string): RelabelRule {
  return { source_labels: [from], target_label: to, action: "replace" };
}

/** Returns the rules that drop a job's unwanted metrics. */
export function metricRelabeling({ keep: wanted, drop: unwanted }: MetricRules): RelabelRule[] {
  return [
    ...(wanted === undefined ? [] : [keep("__name__", alternatives(wanted))]),
    ...(unwanted === undefined ? [] : [drop("__name__", alternatives(unwanted))]),
  ];
}

/** Applies rules to a series or a target like Prometheus: returns its labels, or undefined if it is dropped. */
export function relabel(labels: Labels, rules: RelabelRule[]): Labels | undefined {
  let current: Labels = labels;
  for (const rule of rules) {
    const { action = "replace", replacement = "$1", target_label: target } = rule;
    const regex = new RegExp(`^(?:${rule.regex ?? "(.*)"})$`, "s");
    const value = (rule.source_labels ?? []).map((label) => current[label] ?? "").join(";");
    const matches = regex.test(value);
    if (action === "keep" && !matches) return undefined;
    if (action === "drop" && matches) return undefined;
    if (action === "replace" && matches && target !== undefined) {
      current = { ...current, [target]: value.replace(regex, expansion(replacement)) };
    }
    if (action === "labelmap") {
      const mapped = matching(current, regex).map(([label, text]): [string, string] => [
        label.replace(regex, expansion(replacement)),
        text,
      ]);
      current = { ...current, ...Object.fromEntries(mapped) };
    }
    if (action === "labeldrop") {
      const gone = new Set(matching(current, regex).map(([label]) => label));
      current = Object.fromEntries(Object.entries(current).filter(([label]) => !gone.has(label)));
    }
  }
  return current;
}

function matching(labels: Labels, regex: RegExp): [string, string][] {
  return Object.entries(labels).filter(([label]) => regex.test(label));
}

/** Go also writes a group as `${1}`, for example before a letter. */
function expansion(replacement: string): string {
  return replacement.replaceAll(/\$\{(\d+)\}/g, "$$$1");
}

function alternatives(patterns: readonly string[]): string {
  return patterns.map((pattern) => pattern.replaceAll("*", ".*")).join("|");
}
