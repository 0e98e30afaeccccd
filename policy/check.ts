import type { StackConfig } from "../config";
import { titleOf, type KubernetesObject } from "../render/objects";
import { exceptions } from "./exceptions";
import type { Finding, Level, ObjectRule, Policy, StepRule } from "./rule";
import { objectRules, stepRules } from "./rules";
import { objectOf, type Step } from "./steps";

/** An object or a step that breaks a rule. */
export interface Violation extends Finding {
  rule: string;
  title: string;
  level: Level;
}

/** Returns the policy settings of a stack. */
export function policyOf({ environment, policy, platformStack }: StackConfig): Policy {
  return { environment, ...policy, ...(platformStack !== undefined && { platformStack }) };
}

/**
 * Returns all violations.
 * @param objects rendered objects of the stack.
 * @param steps steps of a preview. Objects in the steps replace the rendered ones, because a preview also knows fields
 * that are kept from before.
 */
export function violations(
  objects: KubernetesObject[],
  policy: Policy,
  steps: Step[] = [],
): Violation[] {
  const all = mergePlanned(objects, steps);
  return [
    ...objectRules.flatMap((rule) => violationsOf(rule, rule.check(all, policy))),
    ...stepRules.flatMap((rule) => violationsOf(rule, rule.check(steps, policy))),
  ];
}

/** Returns the violations of one rule, without exceptions. */
export function violationsOf(
  { id, title, level }: ObjectRule | StepRule,
  findings: Finding[],
): Violation[] {
  return findings
    .filter(({ object }) => !isExcepted(object, id))
    .map((finding) => ({ rule: id, title, level, ...finding }));
}

/** Exceptions identify an object by kind and name, in any namespace. */
function isExcepted(object: string, rule: string): boolean {
  const [kind = "", name = ""] = object.split(" ");
  const key = `${kind} ${name.split("/").at(-1) ?? ""}`;
  return exceptions.some(
    ({ workload, rules }) => workload === key && rules.some((excepted) => excepted === rule),
  );
}

function mergePlanned(objects: KubernetesObject[], steps: Step[]): KubernetesObject[] {
  const planned = steps.flatMap(({ new: next }) => objectOf(next) ?? []);
  const all = [...objects, ...planned].map((object): [string, KubernetesObject] => [
    titleOf(object),
    object,
  ]);
  return [...new Map(all).values()];
}
