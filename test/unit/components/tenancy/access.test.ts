import assert from "node:assert/strict";
import { roleRules, teamRoles, type TeamRole } from "../../../../components/tenancy/rules";
import { at } from "../../../support/declare";
import { tenancy } from "../../../support/teams";

interface PlainRule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
}

const rulesOf = (role: TeamRole) => roleRules[role] as PlainRule[];

/** Whether a role has a right, with rules combined as in Kubernetes. */
function may(role: TeamRole, verb: string, resource: string, group = ""): boolean {
  return rulesOf(role).some(
    ({ apiGroups, resources, verbs }) =>
      apiGroups.includes(group) && resources.includes(resource) && verbs.includes(verb),
  );
}

describe("the roles of a team", () => {
  const routes = "gateway.networking.k8s.io";
  const cases: [verb: string, resource: string, group: string, roles: TeamRole[]][] = [
    ["list", "pods", "", ["view", "release", "admin"]],
    ["get", "configmaps", "", ["view", "release", "admin"]],
    ["list", "httproutes", routes, ["view", "release", "admin"]],
    ["list", "pods", "metrics.k8s.io", ["view", "release", "admin"]],
    ["get", "pods/log", "", ["release", "admin"]],
    ["patch", "deployments", "apps", ["release", "admin"]],
    ["patch", "deployments/scale", "apps", ["release", "admin"]],
    ["patch", "horizontalpodautoscalers", "autoscaling", ["release", "admin"]],
    ["delete", "deployments", "apps", ["admin"]],
    ["delete", "pods", "", ["admin"]],
    ["create", "pods/exec", "", ["admin"]],
    ["get", "secrets", "", ["admin"]],
    ["list", "secrets", "", ["admin"]],
    ["create", "jobs", "batch", ["admin"]],
    ["list", "services", "", ["view", "release", "admin"]],
    ["patch", "resourcequotas", "", []],
    ["delete", "limitranges", "", []],
    ["delete", "networkpolicies", "networking.k8s.io", []],
    ["create", "rolebindings", "rbac.authorization.k8s.io", []],
    ["escalate", "roles", "rbac.authorization.k8s.io", []],
    ["create", "serviceaccounts/token", "", []],
    ["impersonate", "groups", "", []],
  ];
  for (const [verb, resource, group, roles] of cases) {
    const who = roles.length === 0 ? "nobody" : roles.join(", ");
    it(`let ${who} ${verb} ${resource}${group && ` of ${group}`}`, () => {
      assert.deepEqual(
        teamRoles.filter((role) => may(role, verb, resource, group)),
        roles,
      );
    });
  }

  it("write nothing that decides where requests go", () => {
    const kinds = [
      ...["services", "services/proxy", "services/status", "endpoints", "endpointslices"],
      ...["httproutes", "grpcroutes", "tlsroutes", "tcproutes", "udproutes", "gateways"],
      ...["gatewayclasses", "referencegrants", "ingresses", "ingressclasses", "ingressroutes"],
      ...["middlewares", "traefikservices", "serverstransports", "ingressroutetcps"],
    ];
    for (const role of teamRoles) {
      const written = rulesOf(role)
        .filter(({ verbs }) => verbs.some((verb) => !["get", "list", "watch"].includes(verb)))
        .flatMap(({ resources }) => resources);
      assert.deepEqual(
        kinds.filter((kind) => written.includes(kind)),
        [],
        role,
      );
    }
  });

  it("have no wildcard", () => {
    for (const role of teamRoles) {
      const words = rulesOf(role).flatMap((rule) => Object.values(rule).flat() as string[]);
      assert.deepEqual(
        words.filter((word) => word.includes("*")),
        [],
      );
    }
  });

  it("are bound to the groups of the config, in the team's own namespace only", async () => {
    const declared = await tenancy({
      groups: { view: ["support", "audit"], release: [], admin: ["commerce-leads"] },
    });
    for (const kind of ["Role", "RoleBinding"]) {
      assert.deepEqual(
        declared.objects
          .filter((object) => object.kind === kind)
          .map(({ metadata }) => `${metadata.namespace ?? ""}/${metadata.name}`),
        ["commerce-dev/team-admin", "commerce-dev/team-view"],
      );
    }
    const binding = declared.object("RoleBinding", "team-view");
    const apiGroup = "rbac.authorization.k8s.io";
    assert.deepEqual(at(binding, "roleRef"), { apiGroup, kind: "Role", name: "team-view" });
    assert.deepEqual(at(binding, "subjects"), [
      { apiGroup, kind: "Group", name: "support" },
      { apiGroup, kind: "Group", name: "audit" },
    ]);
    assert.deepEqual(at(declared.object("Role", "team-admin"), "rules"), roleRules.admin);
    assert.deepEqual(declared.names("ClusterRole"), []);
  });
});
