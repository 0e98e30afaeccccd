import type { StackConfig } from "../../config";
import { policyOf, violations } from "../../policy/check";
import type { Step as PolicyStep } from "../../policy/steps";
import type { KubernetesObject } from "../../render/objects";
import type { Author } from "../owners/author";
import { ownersViolations } from "../owners/proposal";
import type { Preview, Violation } from "./events";
import type { ClusterObject, Step } from "./steps";

/**
 * Returns the violations of the company's policy by a preview: of the rules about every object after the
 * update, including kept releases, about the steps of the update, and about who changes which files.
 * @param file path of the stack file, relative to the project's folder.
 */
export function policyViolations(
  config: StackConfig,
  { steps, objects }: Preview,
  file: string,
  author: Author | undefined,
): Violation[] {
  const found = [
    ...violations(objects.after.filter(isWhole), policyOf(config), steps.map(policyStep)),
    ...ownersViolations(file, author),
  ];
  return found.map(({ rule, level, object, message }) => ({
    policy: `${rule} (${level})`,
    object,
    message,
    mandatory: level === "mandatory",
  }));
}

function isWhole(object: ClusterObject): object is ClusterObject & KubernetesObject {
  return typeof object.kind === "string" && typeof object.metadata?.name === "string";
}

function policyStep({ op, urn, type, before, after, found, keeps }: Step): PolicyStep {
  return {
    op,
    urn,
    type,
    ...(before === undefined
      ? {}
      : { old: { inputs: before, outputs: found ?? {}, retainOnDelete: keeps } }),
    ...(after === undefined ? {} : { new: { inputs: after, outputs: {}, retainOnDelete: keeps } }),
  };
}
