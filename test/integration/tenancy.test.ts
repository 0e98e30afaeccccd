import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startCluster, stopCluster, type Cluster } from "../../local/cluster";
import { TestStack } from "../support/project";

const hardened = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  runAsNonRoot: true,
  seccompProfile: { type: "RuntimeDefault" },
};

describe("two teams on a real API server", () => {
  let cluster: Cluster;
  let stack: TestStack;
  before(async () => {
    cluster = await startCluster({ name: "tenancy" });
    stack = new TestStack("tenancy", cluster);
    stack.edit((config) => {
      const groups = (team: string) => ({
        view: [`${team}-viewers`],
        release: [`${team}-developers`],
        admin: [`${team}-leads`],
      });
      config["platform:components"] = {
        placement: {},
        tenancy: {
          teams: {
            commerce: { groups: groups("commerce") },
            content: { groups: groups("content") },
          },
        },
      };
      config["platform:apps"] = {};
    });
    await stack.create();
    const { code, output } = await stack.pulumi("up");
    assert.equal(code, 0, output);
    for (const namespace of ["commerce-dev", "content-dev"]) {
      await stack.kubectl("create", "deployment", "web", "--image=web:1", "-n", namespace);
      await stack.kubectl("create", "secret", "generic", "web", "-n", namespace);
    }
  });
  after(async () => {
    await stopCluster("tenancy");
    stack.remove();
  });

  /** Runs kubectl as a user in one group. */
  const as = (group: string, ...args: string[]) =>
    stack.kubectl(...args, "--as", "dev", "--as-group", group);

  async function refused(group: string, ...args: string[]): Promise<void> {
    await assert.rejects(as(group, ...args), /is forbidden: User "dev" cannot /);
  }

  it("lets a developer see, change and scale what their own team releases", async () => {
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
        await refused(`${team}-${group}`, "get", "deployments", "-n", other);
        await refused(`${team}-${group}`, "get", "secrets", "-n", other);
        const toNothing = ["scale", "deployment", "web", "--replicas=0"];
        await refused(`${team}-${group}`, ...toNothing, "-n", other);
      }
    });
  }

  it("lets a viewer see, but neither Secrets nor logs, and change nothing", async () => {
    const own = ["-n", "commerce-dev"];
    assert.match(
      await as("commerce-viewers", "get", "deployments", ...own, "-o", "name"),
      /deployment\.apps\/web/,
    );
    await refused("commerce-viewers", "get", "secrets", ...own);
    await refused("commerce-viewers", "get", "secret", "web", ...own);
    await refused("commerce-viewers", "get", "--raw", log("commerce-dev"));
    await refused("commerce-viewers", "scale", "deployment", "web", "--replicas=0", ...own);
    await refused("commerce-viewers", "delete", "deployment", "web", ...own);
  });

  it("lets a developer read logs, but no Secrets", async () => {
    // The pod does not exist: only a user with the right to read its log learns that.
    await assert.rejects(
      as("commerce-developers", "get", "--raw", log("commerce-dev")),
      /NotFound/,
    );
    await refused("commerce-developers", "get", "secrets", "-n", "commerce-dev");
    await refused("commerce-developers", "delete", "deployment", "web", "-n", "commerce-dev");
  });

  it("lets a lead manage Secrets, but not the team's own limits and roles", async () => {
    const own = ["-n", "commerce-dev"];
    await as("commerce-leads", "create", "secret", "generic", "mine", ...own);
    await as("commerce-leads", "get", "secret", "mine", ...own);
    await refused("commerce-leads", "delete", "resourcequota", "team", ...own);
    await refused("commerce-leads", "delete", "networkpolicy", "default-deny", ...own);
    const more = ["rolebinding", "more", "--role=team-admin", "--user=dev"];
    await refused("commerce-leads", "create", ...more, ...own);
  });

  it("lets a lead's pod run, but not with the platform's priority, nor as root", async () => {
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

  it("has the network policies of both teams, and no drift in anything", async () => {
    const names = await stack.kubectl(
      ...["get", "networkpolicies", "-A", "-o"],
      'jsonpath={range .items[*]}{.metadata.namespace}/{.metadata.name}{" "}{end}',
    );
    assert.deepEqual(
      names.trim().split(" ").sort(),
      ["commerce-dev", "content-dev"].flatMap((namespace) =>
        ["allow-egress", "allow-ingress", "default-deny"].map((name) => `${namespace}/${name}`),
      ),
    );
    for (const verb of ["up", "refresh"]) {
      const { code, output } = await stack.pulumi(verb, "--expect-no-changes");
      assert.equal(code, 0, output);
    }
  });
});

/** Path of the log of a pod that does not exist. */
function log(namespace: string): string {
  return `/api/v1/namespaces/${namespace}/pods/none/log`;
}
