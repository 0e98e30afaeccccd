import type { Environment } from "../config";
import type { KubernetesObject } from "../render/objects";
import type { Step } from "./steps";

/** Level of a rule: a mandatory violation blocks the change, an advisory one is only reported. */
export type Level = "mandatory" | "advisory";

/** Policy settings in a stack's config. */
export interface Policy {
  environment: Environment;
  /** Registries that images may come from, optionally with a path. Default: any. */
  registries?: string[];
  /** Whether pods must name every platform image by digest. Default: `optional`. */
  digests?: "required" | "optional";
  /** Range of node ports for Services. */
  nodePorts: { min: number; max: number };
  /**
   * Stack that declares the namespaces of this one, with their NetworkPolicies. Default: this stack declares its own.
   */
  platformStack?: string;
}

/** A violation of a rule, without the rule. */
export interface Finding {
  /** Kind, namespace and name, for example `Deployment commerce-dev/shop-1-4-2`. */
  object: string;
  /** The violation, as `expected …, got …`. */
  message: string;
}

/** The properties that both kinds of rules have. */
interface RuleDescription {
  /** ID of the rule in exceptions and reports. */
  id: string;
  /** What is true if the rule is followed. */
  title: string;
  level: Level;
}

/** A rule about all objects of a stack. */
export interface ObjectRule extends RuleDescription {
  check(objects: KubernetesObject[], policy: Policy): Finding[];
}

/** A rule about the steps of an update. */
export interface StepRule extends RuleDescription {
  check(steps: Step[], policy: Policy): Finding[];
}
