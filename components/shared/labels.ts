/** Labels that select the pods of one workload; they never change during its lifetime. */
export interface SelectorLabels {
  [label: string]: string;
  "app.kubernetes.io/name": string;
  "app.kubernetes.io/instance": string;
}

/** Returns the labels with which Services, budgets and Deployments select a workload's pods. */
export function selectorLabels(name: string, instance = name): SelectorLabels {
  return { "app.kubernetes.io/name": name, "app.kubernetes.io/instance": instance };
}

/**
 * Returns the labels of every object of an app or a part: its name, what it belongs to, and that this program manages
 * it.
 */
export function objectLabels(name: string, partOf: string): Record<string, string> {
  return {
    "app.kubernetes.io/name": name,
    "app.kubernetes.io/part-of": partOf,
    "app.kubernetes.io/managed-by": "pulumi",
  };
}

/** Label of a namespace with its environment, by which the gateway admits routes. */
export const environmentLabel = "platform/environment";

/** Label of every object of a package: the name of its chart or manifests in the config. */
export const packageLabel = "platform/brought";
