import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { teamsOf, type StackConfig, type Team, type TeamApp } from "../../config";
import type { PartArgs, PlatformContext } from "../shared/context";
import { environmentLabel, objectLabels } from "../shared/labels";
import { bindRoles } from "./access";
import { declareLimits } from "./limits";
import { networkPolicies } from "./network";

/** Arguments of {@link Tenancy}. */
export interface TenancyArgs extends PartArgs<"tenancy"> {
  /** Apps of this stack by name, whose connections their teams' network policies allow. Default: none. */
  apps?: Record<string, TeamApp>;
  /** Branch whose test environment this stack is. Default: none. */
  branch?: StackConfig["branch"];
}

/**
 * Namespaces of an environment's teams, each with its limits, network policies and roles. The context's environment is a
 * label of the namespaces, and the teams' pods can use its DNS servers.
 */
export class Tenancy extends pulumi.ComponentResource {
  /** Namespace of each team, by the team's name. */
  readonly namespaces: Record<string, pulumi.Output<string>>;

  constructor(name: string, args: TenancyArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:tenancy:Tenancy", name, {}, opts);
    const { context, config, apps = {}, branch } = args;
    const { environment } = context;
    const teams = teamsOf({ environment, branch, apps, components: { tenancy: config } });
    this.namespaces = Object.fromEntries(
      Object.entries(teams).map(([team, settings]) => [team, this.team(team, context, settings)]),
    );
    this.registerOutputs({ namespaces: this.namespaces });
  }

  private team(name: string, context: PlatformContext, team: Team): pulumi.Output<string> {
    const namespace = this.teamNamespace(name, context.environment, team);
    const scope = { id: team.namespace, namespace, labels: objectLabels(name, "tenancy") };
    declareLimits(scope, team.quota, this);
    networkPolicies(scope, team, context, this);
    bindRoles(scope, team.groups, this);
    return namespace;
  }

  private teamNamespace(
    team: string,
    environment: string,
    { namespace: name, labels, podSecurity }: Team,
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
