import type { Rule } from "../shared/service-account";
import { roleRules } from "../tenancy/rules";

const read = ["get", "list", "watch"];

function reads(apiGroup: string, resources: string[]): Rule {
  return { apiGroups: [apiGroup], resources, verbs: read };
}

/**
 * Rights of the dashboard's own account: in every namespace those of a team's role `view`, so neither Secrets nor logs,
 * and all cluster-scoped objects.
 */
export const viewRules: Rule[] = [
  ...roleRules.view,
  reads("", ["namespaces", "nodes", "persistentvolumes"]),
  reads("admissionregistration.k8s.io", [
    "mutatingwebhookconfigurations",
    "validatingwebhookconfigurations",
  ]),
  reads("apiextensions.k8s.io", ["customresourcedefinitions"]),
  reads("apiregistration.k8s.io", ["apiservices"]),
  reads("gateway.networking.k8s.io", ["gatewayclasses", "gateways"]),
  reads("metrics.k8s.io", ["nodes"]),
  reads("networking.k8s.io", ["ingressclasses", "ingresses"]),
  reads("scheduling.k8s.io", ["priorityclasses"]),
  reads("storage.k8s.io", ["storageclasses"]),
];
