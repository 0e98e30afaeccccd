import assert from "node:assert/strict";
import { CoreV1Api, KubeConfig, type V1PodSpec } from "@kubernetes/client-node";
import { podSecurityProblems } from "../../../components/charts/pod-security";
import type { ChartStack } from "../../support/chart-stack";
import { podVariants } from "../../support/pod-variants";
import { failedWith, succeeded } from "../../support/results";
import { Shelves } from "./shelves";
import { Volumes } from "./volumes";

/** Declares the tests of charts and manifests of a team's own. Each continues where the one before it ended. */
export function bringsCharts(current: () => ChartStack): void {
  describe("a team's own charts and manifests", () => {
    let stack: ChartStack;
    before(async () => {
      stack = current();
      // The first update creates the objects of the following tests as well.
      const shelves = new Shelves(stack);
      shelves.fill("v1alpha1", 1);
      const volumes = new Volumes(stack);
      await volumes.prepare();
      volumes.declare();
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
      shelves.declare("shelves");
      shelves.place("from");
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

    it("are checked against Pod Security as by the API server itself", async () => {
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
