import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { podSecurityProblems } from "../../components/charts/pod-security";
import { startCluster, stopCluster, type Cluster } from "../../local/cluster";
import { ChartStack } from "../support/chart-stack";
import { podVariants } from "../support/pod-variants";
import { failureOf, kubectl } from "../support/rendered";
import { failedWith } from "../support/results";

describe("charts and manifests of a team's own, on a real API server", () => {
  let cluster: Cluster;
  let stack: ChartStack;
  before(async () => {
    cluster = await startCluster({ name: "charts" });
    stack = new ChartStack("charts-test", cluster);
    stack.components((components) => {
      components["charts"] = {
        notes: { chart: "examples/charts/notes", values: { title: "First" } },
      };
      components["manifests"] = {
        settings: {
          folder: "examples/manifests/notes",
          kustomization: "overlays/dev",
          team: "commerce",
        },
        contacts: { folder: "examples/manifests/limits", namespace: "contacts" },
      };
    });
    await stack.create();
  });
  after(async () => {
    await stopCluster("charts");
    stack?.remove();
  });

  it("are refused before they are rendered", async () => {
    failedWith(
      await stack.pulumi("preview"),
      /platform:components\.charts\.notes: expected its rendered objects in rendered\/charts-test\/notes\.json, got no such file; run npx platform charts update charts-test notes/,
      /platform:components\.manifests\.settings: expected its rendered objects/,
    );
  });

  it("are rendered, declared, and run", async () => {
    const { code, output } = await stack.charts("update");
    assert.equal(code, 0, output);
    assert.match(output, /rendered\/charts-test\/notes\.json: written; commit it/);
    await stack.must("up");
    const ready = await stack.kubectl(
      ...["get", "deployment", "notes", "-n", "notes", "-o"],
      "jsonpath={.status.readyReplicas} {.metadata.labels}",
    );
    assert.match(
      ready,
      /^2 .*"app\.kubernetes\.io\/managed-by":"pulumi".*"platform\/brought":"notes"/,
    );
    const level = await stack.kubectl(
      ...["get", "configmap", "dev-settings", "-n", "commerce-dev", "-o", "jsonpath={.data.level}"],
    );
    assert.equal(level, "debug");
    await stack.kubectl("get", "limitrange", "containers", "-n", "contacts");
  });

  it("are the same when they are rendered again, and the check says so", async () => {
    const { code, output } = await stack.charts("check");
    assert.equal(code, 0, output);
    assert.match(
      output,
      /settings\.json: is what platform:components\.manifests\.settings renders/,
    );
    assert.match((await stack.charts("update")).output, /notes\.json: unchanged/);
  });

  it("break no rule of the policy, and change nothing on a second update", async () => {
    const { code, output } = await stack.platform("preview");
    assert.equal(code, 0, output);
    assert.match(output, /No object changes/);
  });

  it("are named as dangers where they reach beyond their namespace", async () => {
    stack.components(({ charts: all }) => {
      Object.assign(all?.["notes"] ?? {}, { values: { title: "Second", definitions: true } });
    });
    const old = await stack.pulumi("preview");
    assert.match(old.output, /notes\.json to match the config and its files/);
    const { code: changed, output: text } = await stack.charts("check", "notes");
    assert.equal(changed, 1, text);
    assert.equal((await stack.charts("update", "notes")).code, 0);
    const { output } = await stack.platform("preview");
    assert.match(
      output,
      /New for the whole cluster: `CustomResourceDefinition notebooks\.notes\.example\.com`/,
    );
    assert.match(output, /New rights in the whole cluster: `ClusterRole notes-notebooks`/);
    await stack.must("up");
    await stack.kubectl("get", "notebooks.notes.example.com", "first", "-n", "notes");
  });

  it("are refused where another resource declares the same object", async () => {
    const fields = { folder: "examples/manifests/limits", team: "commerce" };
    stack.components((components) => {
      components["manifests"] = { ...components["manifests"], one: fields, other: fields };
    });
    const twice = /commerce-dev\/con\w+: expected one resource that declares it, got two/;
    await stack.mustFail(twice, "preview");
  });

  it("are held to Pod Security as the API server itself does", async () => {
    for (const level of ["baseline", "restricted"] as const) {
      const namespace = `level-${level}`;
      await kubectl(cluster, "create", "namespace", namespace);
      const label = `pod-security.kubernetes.io/enforce=${level}`;
      await kubectl(cluster, "label", "namespace", namespace, label);
      // The controller manager creates the account that pods get, without which none is admitted.
      const account = ["serviceaccount/default", "-n", namespace, "--timeout=60s"];
      await kubectl(cluster, "wait", "--for=create", ...account);
      const other: string[] = [];
      for (const [title, spec] of Object.entries(podVariants)) {
        const file = join(stack.folder, "pod.json");
        const metadata = { name: "a", namespace };
        writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "Pod", metadata, spec }));
        const said = await failureOf(kubectl(cluster, "create", "--dry-run=server", "-f", file));
        assert.ok(said === "" || said.includes("violates PodSecurity"), `${title}: ${said}`);
        const ours = podSecurityProblems(spec, level);
        if ((said === "") !== (ours.length === 0)) other.push(`${title}: ${said} / ${ours.join()}`);
      }
      assert.deepEqual(other, [], level);
    }
  });
});
