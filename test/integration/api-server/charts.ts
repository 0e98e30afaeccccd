import assert from "node:assert/strict";
import { CoreV1Api, KubeConfig, type V1PodSpec } from "@kubernetes/client-node";
import { podSecurityProblems } from "../../../components/charts/pod-security";
import type { ChartStack } from "../../support/chart-stack";
import { podVariants } from "../../support/pod-variants";
import { failedWith, succeeded } from "../../support/results";

/** Declares the tests of charts and manifests of a team's own. Each continues where the one before it ended. */
export function bringsCharts(current: () => ChartStack): void {
  describe("charts and manifests of a team's own", () => {
    let stack: ChartStack;
    before(() => {
      stack = current();
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
    });

    it("are refused before they are rendered", async () => {
      failedWith(
        await stack.pulumi("preview"),
        /platform:components\.charts\.notes: expected its rendered objects in rendered\/api-server\/notes\.json, got no such file; run npx platform charts update api-server notes/,
        /platform:components\.manifests\.settings: expected its rendered objects/,
      );
    });

    it("are rendered, declared, and run", async () => {
      assert.match(
        succeeded(await stack.charts("update")),
        /rendered\/api-server\/notes\.json: written; commit it/,
      );
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
        ...[
          "get",
          "configmap",
          "dev-settings",
          "-n",
          "commerce-dev",
          "-o",
          "jsonpath={.data.level}",
        ],
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
      const config = stack.config();
      const fields = { folder: "examples/manifests/limits", team: "commerce" };
      stack.components((components) => {
        components["manifests"] = { ...components["manifests"], one: fields, other: fields };
      });
      const twice = /commerce-dev\/con\w+: expected one resource that declares it, got two/;
      await stack.mustFail(twice, "preview");
      stack.edit((values) => Object.assign(values, config));
    });

    it("are held to Pod Security as the API server itself does", async () => {
      const config = new KubeConfig();
      config.loadFromFile(stack.cluster.kubeconfig);
      const api = config.makeApiClient(CoreV1Api);
      /** Returns why the API server refuses a pod; empty if it does not. */
      const refusal = async (namespace: string, spec: Record<string, unknown>) => {
        const body = { metadata: { name: "a" }, spec: spec as unknown as V1PodSpec };
        try {
          await api.createNamespacedPod({ namespace, body, dryRun: "All" });
          return "";
        } catch (error) {
          return String(error);
        }
      };
      for (const level of ["baseline", "restricted"] as const) {
        const namespace = `level-${level}`;
        const labels = { "pod-security.kubernetes.io/enforce": level };
        await api.createNamespace({ body: { metadata: { name: namespace, labels } } });
        // The controller manager creates the account that pods get, without which none is admitted.
        const account = ["serviceaccount/default", "-n", namespace, "--timeout=60s"];
        await stack.kubectl("wait", "--for=create", ...account);
        const other: string[] = [];
        for (const [title, spec] of Object.entries(podVariants)) {
          const said = await refusal(namespace, spec);
          assert.ok(said === "" || said.includes("violates PodSecurity"), `${title}: ${said}`);
          const ours = podSecurityProblems(spec, level);
          if ((said === "") !== (ours.length === 0))
            other.push(`${title}: ${said} / ${ours.join()}`);
        }
        assert.deepEqual(other, [], level);
      }
    });
  });
}
