import type { StackConfig } from "../config";
import { titleOf, type KubernetesObject } from "../render/objects";
import { exceptions } from "./exceptions";
import type { Finding, Level, ObjectRule, Policy, StepRule } from "./rule";
import { objectRules, stepRules } from "./rules";
import { objectOf, type Step } from "./steps";

/** A rule that something breaks. */
export interface Violation extends Finding {
  rule: string;
  title: string;
  level: Level;
}

/** What the rules are told of a stack. */
export function policyOf({ environment, policy, platformStack }: StackConfig): Policy {
  return { environment, ...policy, ...(platformStack !== undefined && { platformStack }) };
}

/**
 * Everything that breaks a rule.
 * @param objects what the stack declares, rendered.
 * @param steps of a preview; the objects that they make take the place of the rendered ones, as a
 * preview knows what is kept from before.
 */
export function violations(
  objects: KubernetesObject[],
  policy: Policy,
  steps: Step[] = [],
): Violation[] {
  const all = merged(objects, steps);
  return [
    ...objectRules.flatMap((rule) => broken(rule, rule.check(all, policy))),
    ...stepRules.flatMap((rule) => broken(rule, rule.check(steps, policy))),
  ];
}

/** What breaks one rule, exceptions taken out. */
export function broken(
  { id, title, level }: ObjectRule | StepRule,
  findings: Finding[],
): Violation[] {
  return findings
    .filter(({ object }) => !isExcepted(object, id))
    .map((finding) => ({ rule: id, title, level, ...finding }));
}

/** Exceptions name an object by kind and name: it is the same one in every stack's namespace. */
function isExcepted(object: string, rule: string): boolean {
  const [kind = "", name = ""] = object.split(" ");
  const key = `${kind} ${name.split("/").at(-1) ?? ""}`;
  return exceptions.some(
    ({ workload, rules }) => workload === key && rules.some((excepted) => excepted === rule),
  );
}

function merged(objects: KubernetesObject[], steps: Step[]): KubernetesObject[] {
  const planned = steps.flatMap(({ new: next }) => objectOf(next) ?? []);
  const all = [...objects, ...planned].map((object): [string, KubernetesObject] => [
    titleOf(object),
    object,
  ]);
  return [...new Map(all).values()];
}
