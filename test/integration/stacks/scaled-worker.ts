import assert from "node:assert/strict";
import type { Cluster } from "../../../local/cluster";
import { TestStack } from "../../support/project";
import { untilEqual } from "../../support/until";

const name = "scaled-worker";

interface Worker {
  stable: { version: string };
  canary?: { version: string; weight: number };
}

/**
 * Declares the tests of the worker of the dev stack that KEDA scales, on a real control plane, which keeps the owners
 * of fields. Pods are simulated, and so is KEDA, which measures nothing: `kubectl scale` does what a longer queue does.
 */
export function scalesWorkers(current: () => Cluster): void {
  describe("a worker that KEDA scales", () => {
    let stack: TestStack;
    before(async () => {
      stack = new TestStack(name, current());
      stack.keepParts("tenancy", "autoscaling");
      stack.edit((config) => {
        const { autoscaling, tenancy } = config["platform:components"] as {
          autoscaling: { keda: Record<string, unknown> };
          tenancy: { teams: object };
        };
        tenancy.teams = { content: {} };
        autoscaling.keda["prometheus"] = "http://prometheus.test:9090";
        const { indexer } = config["platform:apps"] as { indexer: object };
        // Without a probe, each pod must have run for some time.
        const probes = { readiness: { command: ["true"] } };
        config["platform:apps"] = { indexer: { ...indexer, probes } };
      });
      await stack.create();
      await stack.must("up");
    });
    after(() => stack?.remove());

    const inTeam = ["-n", "content-dev"];

    function ask(change: Worker): Promise<string> {
      stack.editApp<Worker>("indexer", (indexer) => {
        delete indexer.canary;
        Object.assign(indexer, change);
      });
      return stack.must("up");
    }

    /** Returns the number of pods of each release, and the one at which KEDA is paused. */
    async function pods(): Promise<Record<string, [number, string | undefined]>> {
      type Listed = {
        metadata: { name: string; annotations?: Record<string, string> };
        spec: { replicas: number };
      };
      const list = async (kind: string) => {
        const text = await stack.kubectl("get", kind, ...inTeam, "-o", "json");
        return (JSON.parse(text) as { items: Listed[] }).items;
      };
      const paused = new Map(
        (await list("scaledobjects")).map(({ metadata: { name: release, annotations = {} } }) => [
          release,
          annotations["autoscaling.keda.sh/paused-replicas"],
        ]),
      );
      const deployments = await list("deployments");
      return Object.fromEntries(
        deployments.map(({ metadata: { name: release }, spec }) => [
          release,
          [spec.replicas, paused.get(release)],
        ]),
      );
    }

    /** Waits for numbers of pods: KEDA scales a moment after an update has changed its objects. */
    const have = (expected: Awaited<ReturnType<typeof pods>>) => untilEqual(60, pods, expected);

    const stable = { version: "2.0.1" };

    it("starts with its minimum of pods", async () => {
      await have({ "indexer-2-0-1": [2, undefined] });
    });

    it("starts a canary with its share of the pods that work, leaves stable those of a long queue, and changes nothing a second time", async () => {
      await stack.kubectl("scale", "deploy", "indexer-2-0-1", ...inTeam, "--replicas=6");
      const rolled = ["rollout", "status", "deploy", "indexer-2-0-1", ...inTeam, "--timeout=60s"];
      await stack.kubectl(...rolled);
      await ask({ stable, canary: { version: "2.1.0", weight: 50 } });
      await have({ "indexer-2-0-1": [6, undefined], "indexer-2-1-0": [3, "3"] });
      // Drift counts as a change, as the program does not declare what the refresh reads.
      await stack.must("preview", "--refresh", "--expect-no-changes");
    });

    it("promotes with the pods of both releases, and then removes those of the former one", async () => {
      const output = await ask({ stable: { version: "2.1.0" } });
      assert.doesNotMatch(output, /nothing is recorded/);
      await have({
        "indexer-2-0-1": [0, "0"],
        "indexer-2-1-0": [8, undefined],
      });
    });

    it("rolls back, and has recorded it", async () => {
      await ask({ stable });
      await have({
        "indexer-2-0-1": [8, undefined],
        "indexer-2-1-0": [0, "0"],
      });
      const { releases } = (await stack.outputs()) as { releases: { indexer: { stable: string } } };
      assert.equal(releases.indexer.stable, "2.0.1");
    });

    it("reports where KEDA has not set a number, and no other difference", async () => {
      await stack.kubectl("scale", "deploy", "indexer-2-1-0", ...inTeam, "--replicas=2");
      const { output } = await stack.release("status", "indexer");
      assert.match(
        output,
        /Deployment indexer-2-1-0 has replicas 2 instead of 0: KEDA has not scaled it/,
      );
      const differences = output.match(/the cluster is not as the last update recorded it/g);
      assert.equal(differences?.length, 1, output);
    });
  });
}
