import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startCluster, stopCluster, type Cluster } from "../../local/cluster";
import { TestStack } from "../support/project";
import { failedWith } from "../support/results";

describe("what must not be done is refused, and changes nothing", () => {
  let cluster: Cluster;
  let stack: TestStack;
  before(async () => {
    cluster = await startCluster({ name: "refusals" });
  });
  after(async () => {
    await stopCluster("refusals");
  });
  beforeEach(async () => {
    stack = new TestStack("refusals", cluster);
    await stack.create();
  });
  afterEach(async () => {
    const namespaces = await stack.kubectl("get", "namespaces", "-o", "name");
    stack.remove();
    assert.doesNotMatch(namespaces, /commerce|content|gateway/, "something was changed");
  });

  async function refused(...patterns: [RegExp, ...RegExp[]]): Promise<void> {
    await refusedBy(["preview", "up"], ...patterns);
  }

  async function refusedBy(verbs: string[], ...patterns: [RegExp, ...RegExp[]]): Promise<void> {
    for (const verb of verbs) failedWith(await stack.pulumi(verb), ...patterns);
  }

  it("a cluster that does not answer", async () => {
    const dead = join(stack.folder, "dead.kubeconfig");
    writeFileSync(dead, kubeconfig("https://127.0.0.1:1"));
    point(dead, "dead");
    await refused(/API server at https:\/\/127\.0\.0\.1:1 does not answer .*ECONNREFUSED/);
  });

  it("a context that the kubeconfig does not have", async () => {
    point(cluster.kubeconfig, "production");
    await refused(/has no context "production"; it has kwok-refusals/);
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
    await refused(/Wrong cluster: context "kwok-refusals"/, /Nothing was changed/);
  });

  it("a config with errors: all of them at once", async () => {
    stack.edit((config) => {
      config["platform:environment"] = "prod";
      config["platform:enviroment"] = "dev";
      config["platform:apps"] = { Shop: {} };
    });
    await refused(
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
    await refusedBy(["up"], /forbidden: User "system:serviceaccount:default:reader" cannot/);
  });

  function point(file: string, context: string): void {
    stack.edit((config) => {
      config["platform:cluster"] = { kubeconfig: file, context };
    });
  }
});

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
