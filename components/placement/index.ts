import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { ProgramError } from "../../config";
import type { PartArgs } from "../shared/context";
import { objectLabels } from "../shared/labels";
import {
  priorityClasses,
  type NodeGroup,
  type PlacementRules,
  type Priority,
} from "../shared/placement";

/** Arguments of {@link Placement}. */
export interface PlacementArgs extends PartArgs<"placement"> {
  /** The stack's node groups by name. */
  nodeGroups: Record<string, NodeGroup>;
}

/**
 * Value and description of each class. All are above 0, the priority of a pod without a class, and below 1,000,000,000,
 * where Kubernetes' own classes begin. The gaps leave room for additional classes.
 */
const classes: Record<Priority, { value: number; description: string }> = {
  platform: {
    value: 100_000,
    description:
      "Parts of the platform. Above the apps, because an app is worse off without gateway, metrics and logs than with one pod fewer.",
  },
  apps: {
    value: 1_000,
    description:
      "Apps of the teams. Above pods without a class, such as builds, which can run later.",
  },
};

/** Priority classes of pods, and the nodes of the platform's own parts. */
export class Placement extends pulumi.ComponentResource {
  /** Placement rules for every part of the platform. */
  readonly rules: PlacementRules;

  constructor(name: string, args: PlacementArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:placement:Placement", name, {}, opts);
    this.rules = {
      classes: args.config.declare ? this.declaredClasses() : priorityClasses,
      nodeGroup: groupOf(args),
    };
    this.registerOutputs({ classes: this.rules.classes });
  }

  private declaredClasses(): PlacementRules["classes"] {
    return {
      platform: this.priorityClass("platform"),
      apps: this.priorityClass("apps"),
    };
  }

  private priorityClass(level: Priority): pulumi.Output<string> {
    const name = priorityClasses[level];
    const declared = new k8s.scheduling.v1.PriorityClass(
      name,
      {
        metadata: { name, labels: objectLabels(name, "placement") },
        ...classes[level],
        // Other pods in the cluster keep their priority.
        globalDefault: false,
        preemptionPolicy: "PreemptLowerPriority",
      },
      // Neither can be changed in place, and two classes cannot have the same name.
      {
        parent: this,
        replaceOnChanges: ["value", "preemptionPolicy"],
        deleteBeforeReplace: true,
      },
    );
    return declared.metadata.name;
  }
}

function groupOf({ config: { nodeGroup }, nodeGroups }: PlacementArgs): NodeGroup | undefined {
  if (nodeGroup === undefined) return undefined;
  const group = nodeGroups[nodeGroup];
  if (group === undefined) {
    throw new ProgramError(
      `platform:components.placement.nodeGroup: expected a group of platform:nodeGroups (${Object.keys(nodeGroups).join(", ") || "there is none"}), got "${nodeGroup}".`,
    );
  }
  return group;
}
