import type { Environment } from "../config";
import type { KubernetesObject } from "../render/objects";
import type { Step } from "./steps";

/** What a violation does: a mandatory one stops the change, an advisory one is only told. */
export type Level = "mandatory" | "advisory";

/** What a stack's config says to the rules. */
export interface Policy {
  environment: Environment;
  /** Registries that images may come from, each perhaps with a path; any without it. */
  registries?: string[];
  /** Whether pods must name every image of the platform by its digest; not without it. */
  digests?: "required" | "optional";
  /** Ports of the machines that Services may take. */
  nodePorts: { min: number; max: number };
  /** Stack that declares the namespaces of this one, with their NetworkPolicies; none if it declares its own. */
  platformStack?: string;
}

/** One thing that breaks a rule. */
export interface Finding {
  /** `Deployment commerce-dev/shop-1-4-2`. */
  object: string;
  /** What is wrong and what is allowed. */
  message: string;
}

interface About {
  /** Name under which exceptions and reports know the rule. */
  id: string;
  /** What holds where the rule is kept. */
  title: string;
  level: Level;
}

/** A rule over all objects of a stack. */
export interface ObjectRule extends About {
  check(objects: KubernetesObject[], policy: Policy): Finding[];
}

/** A rule over what an update would do. */
export interface StepRule extends About {
  check(steps: Step[], policy: Policy): Finding[];
}
