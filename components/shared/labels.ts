/** Labels that pick out the pods of one workload; they never change while it lives. */
export interface SelectorLabels {
  [label: string]: string;
  "app.kubernetes.io/name": string;
  "app.kubernetes.io/instance": string;
}

/** The labels by which Services, budgets and Deployments find a workload's pods. */
export function selectorLabels(name: string, instance = name): SelectorLabels {
  return { "app.kubernetes.io/name": name, "app.kubernetes.io/instance": instance };
}

/** What an object belongs to: the program manages it, for an app or a part of the platform. */
export function objectLabels(name: string, partOf: string): Record<string, string> {
  return {
    "app.kubernetes.io/name": name,
    "app.kubernetes.io/part-of": partOf,
    "app.kubernetes.io/managed-by": "pulumi",
  };
}

/** Label of a namespace that names its environment; the gateway admits routes by it. */
export const environmentLabel = "platform/environment";
