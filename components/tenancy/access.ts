import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { TeamScope } from "./scope";
import { roleRules, teamRoles, type TeamRole } from "./rules";

/** Groups of the company's identity provider, by role. */
export type TeamGroups = Record<TeamRole, string[]>;

const apiGroup = "rbac.authorization.k8s.io";

/** Binds the roles of a team's namespace to their groups; a role without groups is not declared. */
export function bindRoles(team: TeamScope, groups: TeamGroups, parent: pulumi.Resource): void {
  for (const role of teamRoles) {
    if (groups[role].length > 0) declareRole(team, role, groups[role], parent);
  }
}

function declareRole(
  { id, namespace, labels }: TeamScope,
  role: TeamRole,
  groups: string[],
  parent: pulumi.Resource,
): void {
  const metadata = { name: `team-${role}`, namespace, labels };
  const declared = new k8s.rbac.v1.Role(
    `${id}-${role}`,
    { metadata, rules: roleRules[role] },
    { parent },
  );
  new k8s.rbac.v1.RoleBinding(
    `${id}-${role}`,
    {
      metadata,
      roleRef: { apiGroup, kind: "Role", name: declared.metadata.name },
      subjects: groups.map((name) => ({ apiGroup, kind: "Group", name })),
    },
    { parent },
  );
}
