import { byParent, titleOf, titlesOf } from "../steps";
import { words } from "../markdown";
import type { Danger, Situation } from "./danger";
import { additions, isSame, updates } from "./fields";

/** What decides over objects of the whole cluster, and what its change means. */
const consequences: Record<string, string> = {
  ValidatingWebhookConfiguration: "every request that it matches is let in or refused otherwise",
  MutatingWebhookConfiguration: "every object that it matches is changed on its way in",
  ValidatingAdmissionPolicy: "objects are let in or refused otherwise",
  ValidatingAdmissionPolicyBinding: "objects are let in or refused otherwise",
  MutatingAdmissionPolicy: "every object that it matches is changed on its way in",
  MutatingAdmissionPolicyBinding: "every object that it matches is changed on its way in",
  CustomResourceDefinition: "it holds for every object of its kind, in all namespaces",
  APIService: "a part of the API is answered by another server",
  PriorityClass: "pods make way for others in another order",
};

/** Changes of what the API server asks before it takes an object. */
export function admission(situation: Situation): Danger[] {
  const kinds = Object.keys(consequences);
  return [
    ...updates(situation, ...kinds)
      .filter(({ before, after }) => !isSame(withoutMetadata(before), withoutMetadata(after)))
      .map(({ step }): Danger => ({
        kind: "admission",
        text: words`${titleOf(step)} changes: ` + `${consequences[step.kind] ?? ""}.`,
      })),
    ...byParent(additions(situation, ...kinds).map(({ step }) => step)).map((steps): Danger => ({
      kind: "admission",
      text: `New for the whole cluster: ${titlesOf(steps)}.`,
    })),
  ];
}

function withoutMetadata(object: Record<string, unknown>): unknown {
  return { ...object, metadata: undefined };
}
