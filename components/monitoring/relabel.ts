import type { MetricRules } from "./stored-control-plane";

/** One relabelling rule, as Prometheus' file holds it. */
export interface RelabelRule {
  /** Labels whose values are joined with `;`. */
  source_labels?: string[];
  /** Matches the whole of the joined values; everything without it. */
  regex?: string;
  target_label?: string;
  /** `$1` by default. */
  replacement?: string;
  action?: "replace" | "keep" | "drop" | "labelmap" | "labeldrop";
}

/** Labels of a series or of a target. */
export type Labels = Record<string, string>;

/** Goes on only with targets or series whose label matches. */
export function keep(labels: string | string[], regex: string): RelabelRule {
  return { source_labels: [labels].flat(), regex, action: "keep" };
}

/** Leaves out targets or series whose label matches. */
export function drop(labels: string | string[], regex: string): RelabelRule {
  return { source_labels: [labels].flat(), regex, action: "drop" };
}

/** Sets a label from another one. */
export function copy(from: string, to: string): RelabelRule {
  return { source_labels: [from], target_label: to, action: "replace" };
}

/** The rules that leave a job's unwanted metrics out. */
export function metricRelabelling({ keep: wanted, drop: unwanted }: MetricRules): RelabelRule[] {
  return [
    ...(wanted === undefined ? [] : [keep("__name__", alternatives(wanted))]),
    ...(unwanted === undefined ? [] : [drop("__name__", alternatives(unwanted))]),
  ];
}

/** What becomes of a series or a target, as Prometheus decides it: its labels, or nothing when it is left out. */
export function relabelled(labels: Labels, rules: RelabelRule[]): Labels | undefined {
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

/** Go writes a group as `${1}` too, where a letter follows. */
function expansion(replacement: string): string {
  return replacement.replaceAll(/\$\{(\d+)\}/g, "$$$1");
}

function alternatives(patterns: readonly string[]): string {
  return patterns.map((pattern) => pattern.replaceAll("*", ".*")).join("|");
}
