import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { AsUser } from "../../support/as-user";
import type { TestStack } from "../../support/project";

const hardened = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  runAsNonRoot: true,
  seccompProfile: { type: "RuntimeDefault" },
};

/** Returns the groups of two teams, with whose rights the tests act. */
export function twoTeams(): object {
  const groups = (team: string) => ({
    view: [`${team}-viewers`],
    release: [`${team}-developers`],
    admin: [`${team}-leads`],
  });
  return {
    commerce: { groups: groups("commerce") },
    content: { groups: groups("content") },
  };
}

/** Declares the tests of {@link twoTeams} on a stack that was updated. */
export function separatesTeams(current: () => TestStack): void {
  describe("two teams", () => {
    let stack: TestStack;
    let user: AsUser;
    before(async () => {
      stack = current();
      user = await AsUser.of(stack.cluster, "dev");
      for (const namespace of ["commerce-dev", "content-dev"]) {
        await stack.kubectl("create", "deployment", "web", "--image=web:1", "-n", namespace);
        await stack.kubectl("create", "secret", "generic", "web", "-n", namespace);
      }
    });

    /** Runs kubectl as a user in one group. */
    const as = (group: string, ...args: string[]) =>
      stack.kubectl(...args, "--as", "dev", "--as-group", group);

    async function assertForbidden(...request: Parameters<AsUser["request"]>): Promise<void> {
      const { status, body } = await user.request(...request);
      assert.equal(status, 403, `${request.slice(0, 3).join(" ")}: ${body}`);
      assert.match(body, /is forbidden: User \\"dev\\" cannot /);
    }

    it("lets developers view, change and scale the releases of their own team", async () => {
      const own = ["-n", "commerce-dev"];
      assert.match(
        await as("commerce-developers", "get", "deployments", ...own, "-o", "name"),
        /deployment\.apps\/web/,
      );
      await as("commerce-developers", "scale", "deployment", "web", "--replicas=2", ...own);
      await as("commerce-developers", "set", "image", "deployment/web", "web=web:2", ...own);
    });

    for (const group of ["viewers", "developers", "leads"]) {
      it(`refuses one team's ${group} in the other team's namespace`, async () => {
        for (const [team, other] of [
          ["commerce", "content-dev"],
          ["content", "commerce-dev"],
        ] as const) {
          await assertForbidden(`${team}-${group}`, "GET", deployments(other));
          await assertForbidden(`${team}-${group}`, "GET", secrets(other));
          await assertForbidden(`${team}-${group}`, "PATCH", ...toNothing(other));
        }
      });
    }

    it("lets viewers read everything except Secrets and logs, and change nothing", async () => {
      const own = ["-n", "commerce-dev"];
      assert.match(
        await as("commerce-viewers", "get", "deployments", ...own, "-o", "name"),
        /deployment\.apps\/web/,
      );
      await assertForbidden("commerce-viewers", "GET", secrets("commerce-dev"));
      await assertForbidden("commerce-viewers", "GET", `${secrets("commerce-dev")}/web`);
      await assertForbidden("commerce-viewers", "GET", log("commerce-dev"));
      await assertForbidden("commerce-viewers", "PATCH", ...toNothing("commerce-dev"));
      await assertForbidden("commerce-viewers", "DELETE", `${deployments("commerce-dev")}/web`);
    });

    it("lets developers read logs, but no Secrets", async () => {
      // The pod does not exist: only a user with the right to read its log learns that.
      await assert.rejects(
        as("commerce-developers", "get", "--raw", log("commerce-dev")),
        /NotFound/,
      );
      await assertForbidden("commerce-developers", "GET", secrets("commerce-dev"));
      await assertForbidden("commerce-developers", "DELETE", `${deployments("commerce-dev")}/web`);
    });

    it("lets leads manage Secrets, but not the team's own limits and roles", async () => {
      const own = ["-n", "commerce-dev"];
      await as("commerce-leads", "create", "secret", "generic", "mine", ...own);
      await as("commerce-leads", "get", "secret", "mine", ...own);
      const inside = (group: string) => `/apis/${group}/namespaces/commerce-dev`;
      const limits = "/api/v1/namespaces/commerce-dev/resourcequotas/team";
      await assertForbidden("commerce-leads", "DELETE", limits);
      const policies = `${inside("networking.k8s.io/v1")}/networkpolicies`;
      await assertForbidden("commerce-leads", "DELETE", `${policies}/default-deny`);
      const group = "rbac.authorization.k8s.io";
      await assertForbidden("commerce-leads", "POST", `${inside(`${group}/v1`)}/rolebindings`, {
        metadata: { name: "more" },
        roleRef: { apiGroup: group, kind: "Role", name: "team-admin" },
        subjects: [{ apiGroup: group, kind: "User", name: "dev" }],
      });
    });

    it("lets nobody take over requests of another team or connections to any address", async () => {
      const routes = "/apis/gateway.networking.k8s.io/v1/namespaces/content-dev/httproutes";
      const services = "/api/v1/namespaces/content-dev/services";
      const route = {
        apiVersion: "gateway.networking.k8s.io/v1",
        kind: "HTTPRoute",
        metadata: { name: "taken" },
        spec: {
          parentRefs: [{ name: "dev", namespace: "gateway" }],
          hostnames: ["shop.dev.platform.test"],
          rules: [
            {
              matches: [{ path: { type: "PathPrefix", value: "/login" } }],
              backendRefs: [{ name: "web", port: 80 }],
            },
          ],
        },
      };
      const ports = [{ port: 443 }];
      const service = { metadata: { name: "taken" }, spec: { ports, externalIPs: ["10.96.0.1"] } };
      await stack.kubectl("create", "service", "clusterip", "web", "--tcp=80", "-n", "content-dev");
      for (const group of ["content-viewers", "content-developers", "content-leads"]) {
        await assertForbidden(group, "POST", routes, route);
        await assertForbidden(group, "PATCH", `${routes}/any`, { spec: route.spec });
        await assertForbidden(group, "POST", services, service);
        await assertForbidden(group, "PATCH", `${services}/web`, {
          spec: { externalIPs: ["10.96.0.1"] },
        });
        await assertForbidden(group, "DELETE", `${services}/web`);
        await as(group, "get", "service", "web", "-n", "content-dev");
      }
    });

    it("lets a lead's pod run, but not with the platform's priority or as root", async () => {
      const pod = (spec: object) => {
        const file = join(stack.folder, "pod.json");
        const container = { name: "web", image: "web:1", securityContext: hardened };
        const manifest = {
          apiVersion: "v1",
          kind: "Pod",
          metadata: { name: "extra", namespace: "commerce-dev" },
          spec: { containers: [container], ...spec },
        };
        writeFileSync(file, JSON.stringify(manifest));
        return as("commerce-leads", "create", "-f", file);
      };
      for (const priorityClassName of ["platform", "system-node-critical"]) {
        await assert.rejects(
          pod({ priorityClassName }),
          /exceeded quota: no-platform-priority/,
          priorityClassName,
        );
      }
      const root = { name: "web", image: "web:1" };
      await assert.rejects(pod({ containers: [root] }), /violates PodSecurity "restricted/);
      assert.match(await pod({ priorityClassName: "apps" }), /pod\/extra created/);
    });

    it("has the network policies of both teams", async () => {
      for (const namespace of ["commerce-dev", "content-dev"]) {
        const names = await stack.kubectl(
          ...["get", "networkpolicies", "-n", namespace, "-o"],
          "jsonpath={.items[*].metadata.name}",
        );
        const ofTeam = names.split(" ").filter((name) => !name.endsWith(".worker"));
        assert.deepEqual(ofTeam, ["allow-egress", "allow-ingress", "default-deny"], namespace);
      }
    });

    it("leaves no changes for another update, and no drift", async () => {
      await stack.must("up", "--refresh", "--expect-no-changes");
    });
  });
}

/** Path of the log of a pod that does not exist. */
function log(namespace: string): string {
  return `/api/v1/namespaces/${namespace}/pods/none/log`;
}

/** Path of the Deployments of a namespace. */
function deployments(namespace: string): string {
  return `/apis/apps/v1/namespaces/${namespace}/deployments`;
}

/** Path of the Secrets of a namespace. */
function secrets(namespace: string): string {
  return `/api/v1/namespaces/${namespace}/secrets`;
}

/** Path and patch that take away the pods of the Deployment `web`. */
function toNothing(namespace: string): [string, object] {
  return [`${deployments(namespace)}/web/scale`, { spec: { replicas: 0 } }];
}
