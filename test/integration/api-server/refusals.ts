import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Cluster } from "../../../local/cluster";
import { TestStack } from "../../support/project";
import { failedWith } from "../../support/results";

/** Declares the tests of updates that a stack refuses, on a cluster without namespaces of teams. */
export function refusesUpdates(current: () => Cluster): void {
  describe("what must not be done is refused, and changes nothing", () => {
    let cluster: Cluster;
    let stack: TestStack;
    let config: Record<string, unknown>;
    before(async () => {
      cluster = current();
      stack = new TestStack("refusals", cluster);
      stack.keepParts("tenancy");
      stack.edit((values) => (values["platform:apps"] = {}));
      config = stack.config();
      await stack.create();
    });
    afterEach(async () => {
      stack.edit((values) => {
        for (const key of Object.keys(values)) delete values[key];
        Object.assign(values, config);
      });
      const namespaces = await stack.kubectl("get", "namespaces", "-o", "name");
      assert.doesNotMatch(namespaces, /commerce|content/, "something was changed");
    });
    after(() => stack?.remove());

    async function refused(...patterns: [RegExp, ...RegExp[]]): Promise<void> {
      failedWith(await stack.pulumi("up"), ...patterns);
    }

    /** For what a preview must refuse as well. */
    async function refusedTwice(...patterns: [RegExp, ...RegExp[]]): Promise<void> {
      failedWith(await stack.pulumi("preview"), ...patterns);
      await refused(...patterns);
    }

    it("a cluster that does not answer", async () => {
      const dead = join(stack.folder, "dead.kubeconfig");
      writeFileSync(dead, kubeconfig("https://127.0.0.1:1"));
      point(dead, "dead");
      await refused(/API server at https:\/\/127\.0\.0\.1:1 does not answer .*ECONNREFUSED/);
    });

    it("a context that the kubeconfig does not have", async () => {
      point(cluster.kubeconfig, "production");
      await refused(/has no context "production"; it has kwok-api-server/);
    });

    it("a kubeconfig that is not there", async () => {
      point("nowhere/config", "x");
      await refused(/kubeconfig "nowhere\/config" cannot be read: there is no such file/);
    });

    it("another cluster than the config names", async () => {
      stack.edit((config) => {
        config["platform:cluster"] = {
          kubeconfig: cluster.kubeconfig,
          context: cluster.context,
          uid: "4f0c2f4e-6b7d-4a4e-9d86-0f3b0d2f6a11",
        };
      });
      await refusedTwice(/Wrong cluster: context "kwok-api-server"/, /Nothing was changed/);
    });

    it("a config with errors: all of them at once", async () => {
      stack.edit((config) => {
        config["platform:environment"] = "prod";
        config["platform:enviroment"] = "dev";
        config["platform:apps"] = { Shop: {} };
      });
      await refusedTwice(
        /platform:environment: expected one of dev, test, gray, online, got "prod"/,
        /platform:enviroment: expected one of the keys .*, got "enviroment"; did you mean "environment"\?/,
        /platform:apps\.Shop: expected a name /,
      );
    });

    it("a user without the right to do it", async () => {
      const text = await stack.kubectl("config", "view", "--raw", "-o", "json", "--minify");
      const view = JSON.parse(text) as { users: { user: Record<string, unknown> }[] };
      const limited = join(stack.folder, "limited.kubeconfig");
      await stack.kubectl("create", "serviceaccount", "reader", "-n", "default");
      await stack.kubectl(
        ...["create", "clusterrolebinding", "reader", "--clusterrole=view"],
        "--serviceaccount=default:reader",
      );
      await stack.kubectl(
        ...["create", "clusterrole", "see-namespaces", "--verb=get", "--resource=namespaces"],
      );
      const token = (await stack.kubectl("create", "token", "reader", "-n", "default")).trim();
      for (const entry of view.users) entry.user = { token };
      writeFileSync(limited, JSON.stringify(view));
      point(limited, cluster.context);
      // A user with read-only rights can run a preview, like a job of a merge request.
      await refused(/forbidden: User "system:serviceaccount:default:reader" cannot/);
    });

    function point(file: string, context: string): void {
      stack.edit((config) => {
        config["platform:cluster"] = { kubeconfig: file, context };
      });
    }
  });
}

function kubeconfig(server: string): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "dead",
    clusters: [{ name: "dead", cluster: { server } }],
    contexts: [{ name: "dead", context: { cluster: "dead", user: "dead" } }],
    users: [{ name: "dead", user: {} }],
  });
}
