import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { environmentLabel, objectLabels } from "../shared/labels";

/** What a team may use in its namespace. */
export interface TeamArgs {
  /** Sum over all pods: CPU in cores, memory in bytes with a unit, and their number. */
  quota: { cpu: string; memory: string; pods: number };
  /** Extra labels of the namespace. */
  labels: Record<string, string>;
}

/** Arguments of {@link Tenancy}. */
export interface TenancyArgs {
  /** Environment whose namespaces these are, for example `dev`. */
  environment: string;
  /** Teams by name. */
  teams: Record<string, TeamArgs>;
}

/** Name of the namespace of a team in an environment. */
export function namespaceName(team: string, environment: string): string {
  return `${team}-${environment}`;
}

/** Namespaces of an environment's teams, each with its quota and the limits of a container. */
export class Tenancy extends pulumi.ComponentResource {
  /** Namespace of each team, by the team's name. */
  readonly namespaces: Record<string, pulumi.Output<string>>;

  constructor(name: string, args: TenancyArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:tenancy:Tenancy", name, {}, opts);
    this.namespaces = Object.fromEntries(
      Object.entries(args.teams).map(([team, teamArgs]) => [
        team,
        this.teamNamespace(team, args.environment, teamArgs),
      ]),
    );
    this.registerOutputs({ namespaces: this.namespaces });
  }

  private teamNamespace(team: string, environment: string, args: TeamArgs): pulumi.Output<string> {
    const name = namespaceName(team, environment);
    const namespace = new k8s.core.v1.Namespace(
      name,
      {
        metadata: {
          name,
          labels: {
            ...args.labels,
            ...objectLabels(team, "tenancy"),
            [environmentLabel]: environment,
            "platform/team": team,
            "pod-security.kubernetes.io/enforce": "restricted",
          },
        },
      },
      { parent: this },
    );
    this.quota(name, namespace.metadata.name, args.quota);
    this.containerDefaults(name, namespace.metadata.name);
    return namespace.metadata.name;
  }

  private quota(name: string, namespace: pulumi.Output<string>, quota: TeamArgs["quota"]): void {
    new k8s.core.v1.ResourceQuota(
      name,
      {
        metadata: { name: "team", namespace },
        spec: {
          hard: {
            "requests.cpu": quota.cpu,
            "requests.memory": quota.memory,
            pods: String(quota.pods),
          },
        },
      },
      { parent: this },
    );
  }

  /** What a container gets that says nothing, so that the quota never refuses it for silence. */
  private containerDefaults(name: string, namespace: pulumi.Output<string>): void {
    new k8s.core.v1.LimitRange(
      name,
      {
        metadata: { name: "container-defaults", namespace },
        spec: {
          limits: [
            {
              type: "Container",
              defaultRequest: { cpu: "100m", memory: "128Mi" },
              default: { cpu: "500m", memory: "256Mi" },
            },
          ],
        },
      },
      { parent: this },
    );
  }
}
