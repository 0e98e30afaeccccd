import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Cluster } from "../../../local/cluster";
import type { TestStack } from "../../support/project";
import { failedWith } from "../../support/results";

/**
 * Declares the tests of updates that a stack refuses, on a cluster without namespaces of teams. What else is refused
 * about a cluster and its kubeconfig is in `test/unit/components/cluster/reader.test.ts`.
 */
export function refusesUpdates(current: () => TestStack): void {
  describe("forbidden updates are refused and change nothing", () => {
    let cluster: Cluster;
    let stack: TestStack;
    let config: Record<string, unknown>;
    before(() => {
      stack = current();
      cluster = stack.cluster;
      config = stack.config();
    });
    afterEach(async () => {
      stack.write(config);
      const namespaces = await stack.kubectl("get", "namespaces", "-o", "name");
      assert.doesNotMatch(namespaces, /commerce|content/, "something was changed");
    });

    async function assertRefused(...patterns: [RegExp, ...RegExp[]]): Promise<void> {
      failedWith(await stack.pulumi("up"), ...patterns);
    }

    it("a cluster other than the one in the config", async () => {
      stack.edit((config) => {
        config["platform:cluster"] = {
          kubeconfig: cluster.kubeconfig,
          context: cluster.context,
          uid: "4f0c2f4e-6b7d-4a4e-9d86-0f3b0d2f6a11",
        };
      });
      await assertRefused(/Wrong cluster: context "kwok-api-server"/, /Nothing was changed/);
    });

    it("a config with errors: all of them at once", async () => {
      stack.edit((config) => {
        config["platform:environment"] = "prod";
        config["platform:enviroment"] = "dev";
        config["platform:apps"] = { Shop: {} };
      });
      await assertRefused(
        /platform:environment: expected one of dev, test, gray, online, got "prod"/,
        /platform:enviroment: expected one of the keys .*, got "enviroment"; did you mean "environment"\?/,
        /platform:apps\.Shop: expected a name /,
      );
    });

    it("an object that two resources declare, although other objects are declared before it", async () => {
      const limits = { folder: "examples/manifests/limits", team: "commerce" };
      stack.edit((config) => {
        const components = config["platform:components"] as Record<string, unknown>;
        components["manifests"] = { first: limits, second: limits };
      });
      // Updates of tests have no preview before them, which would end with the same error.
      await assertRefused(
        /LimitRange commerce-\w+\/containers: expected one resource that declares it, got two: "first\/containers" and "second\/containers"\. Nothing was changed\./,
      );
      const { resources } = (await stack.state()).deployment;
      const types = resources.map(({ type }) => type);
      // The second provider is that of the outputs of other stacks.
      assert.deepEqual(types.sort(), [
        "pulumi:providers:kubernetes",
        "pulumi:providers:pulumi",
        "pulumi:pulumi:Stack",
      ]);
      const own = ["limitranges,configmaps,priorityclasses", "-A", "-o", "name"];
      assert.doesNotMatch(await stack.kubectl("get", ...own), /containers|contacts|platform/);
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
      await assertRefused(/forbidden: User "system:serviceaccount:default:reader" cannot/);
    });

    function point(file: string, context: string): void {
      stack.edit((config) => {
        config["platform:cluster"] = { kubeconfig: file, context };
      });
    }
  });
}
