import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { PlatformContext } from "../shared/context";
import { environmentLabel, objectLabels } from "../shared/labels";
import { bindRoles, type TeamGroups } from "./access";
import type { Quota } from "../shared/quota";
import { declareLimits } from "./limits";
import { networkPolicies, type NetworkArgs } from "./network";

/** Settings of a team in an environment. */
export interface TeamArgs extends NetworkArgs {
  /** Name of the team's namespace. */
  namespace: string;
  /** Limits of the namespace: sums over all of its pods. */
  quota: Quota;
  /** Additional labels of the namespace. */
  labels: Record<string, string>;
  /** Groups by role. */
  groups: TeamGroups;
  /** Exception from Pod Security `restricted`, and its reason. Default: none. */
  podSecurity?: { level: "baseline" | "privileged"; reason: string };
}

/** Arguments of {@link Tenancy}. */
export interface TenancyArgs {
  /**
   * Context of the stack. Its environment is a label of the namespaces, and the teams' pods can use its DNS servers.
   */
  context: PlatformContext;
  /** Teams by name. */
  teams: Record<string, TeamArgs>;
}

/** Namespaces of an environment's teams, each with its limits, network policies and roles. */
export class Tenancy extends pulumi.ComponentResource {
  /** Namespace of each team, by the team's name. */
  readonly namespaces: Record<string, pulumi.Output<string>>;

  constructor(name: string, args: TenancyArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:tenancy:Tenancy", name, {}, opts);
    this.namespaces = Object.fromEntries(
      Object.entries(args.teams).map(([team, teamArgs]) => [
        team,
        this.team(team, args.context, teamArgs),
      ]),
    );
    this.registerOutputs({ namespaces: this.namespaces });
  }

  private team(name: string, context: PlatformContext, args: TeamArgs): pulumi.Output<string> {
    const namespace = this.teamNamespace(name, context.environment, args);
    const scope = { id: args.namespace, namespace, labels: objectLabels(name, "tenancy") };
    declareLimits(scope, args.quota, this);
    networkPolicies(scope, args, context, this);
    bindRoles(scope, args.groups, this);
    return namespace;
  }

  private teamNamespace(
    team: string,
    environment: string,
    { namespace: name, labels, podSecurity }: TeamArgs,
  ): pulumi.Output<string> {
    const namespace = new k8s.core.v1.Namespace(
      name,
      {
        metadata: {
          name,
          labels: {
            ...labels,
            ...objectLabels(team, "tenancy"),
            [environmentLabel]: environment,
            "platform/team": team,
            "pod-security.kubernetes.io/enforce": podSecurity?.level ?? "restricted",
            // Users still get a warning about what the exception allows.
            "pod-security.kubernetes.io/warn": "restricted",
          },
          ...(podSecurity === undefined
            ? {}
            : { annotations: { "platform/pod-security-reason": podSecurity.reason } }),
        },
      },
      { parent: this },
    );
    return namespace.metadata.name;
  }
}
