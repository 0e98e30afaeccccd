import { byParent, titleOf, titlesOf, type Step } from "../steps";
import { words } from "../markdown";
import type { Danger, Situation } from "./danger";
import { additions, isSame, updates } from "./fields";

/** Kinds that affect objects in the whole cluster, and what a change to one of them means. */
const consequences: Record<string, string> = {
  ValidatingWebhookConfiguration:
    "every request that it matches is admitted or refused by other rules",
  MutatingWebhookConfiguration: "every object that it matches is mutated when it is admitted",
  ValidatingAdmissionPolicy: "objects are admitted or refused by other rules",
  ValidatingAdmissionPolicyBinding: "objects are admitted or refused by other rules",
  MutatingAdmissionPolicy: "every object that it matches is mutated when it is admitted",
  MutatingAdmissionPolicyBinding: "every object that it matches is mutated when it is admitted",
  CustomResourceDefinition: "it applies to every object of its kind, in all namespaces",
  APIService: "a part of the API is served by another server",
  PriorityClass: "pods are preempted in another order",
};

/** Returns changes of what the API server consults before it accepts an object. */
export function admission(situation: Situation): Danger[] {
  const kinds = Object.keys(consequences);
  return [
    ...updates(situation, ...kinds)
      .filter(({ before, after }) => !isSame(withoutMetadata(before), withoutMetadata(after)))
      .map(({ step }): Danger => ({
        kind: "admission",
        text: words`${titleOf(step)} changes: ` + `${consequences[step.kind] ?? ""}.`,
      })),
    ...byParent([
      ...additions(situation, ...kinds).map(({ step }) => step),
      ...packagedForCluster(situation),
    ]).map((steps): Danger => ({
      kind: "admission",
      text: `New for the whole cluster: ${titlesOf(steps)}.`,
    })),
  ];
}

/** Kinds without a namespace that other dangers, or a namespace itself, report. */
const reportedElsewhere = ["Namespace", "ClusterRole", "ClusterRoleBinding"];

/** Returns the objects without a namespace in a chart or manifests, of any kind. */
function packagedForCluster(situation: Situation): Step[] {
  return additions(situation)
    .map(({ step }) => step)
    .filter(({ kind, namespace, parent = "", type }) => {
      const brought = parent.startsWith("Package ") && type.startsWith("kubernetes:");
      const known = reportedElsewhere.includes(kind) || Object.hasOwn(consequences, kind);
      return brought && namespace === undefined && !known;
    });
}

function withoutMetadata(object: Record<string, unknown>): unknown {
  return { ...object, metadata: undefined };
}
