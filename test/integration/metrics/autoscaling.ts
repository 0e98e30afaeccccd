import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Cluster } from "../../../local/cluster";
import { usageAnnotation } from "../../../local/cluster/metrics";
import { partPid } from "../../../local/cluster/paths";
import { isRunning } from "../../../local/cluster/process";
import type { TestStack } from "../../support/project";
import { waitUntilScaled } from "../../support/scaled";
import { until, untilEqual } from "../../support/until";

/** Time for several rounds of metrics and decisions of the autoscaler. */
const timeoutArgument = "--timeout=240s";

const app = ["-n", "content-dev"];
const release = "news-2-0-1";

interface Autoscaler {
  status: {
    /** It has no `resource` until the first measurement. */
    currentMetrics?: { resource?: { current: { averageUtilization?: number } } }[];
    conditions?: { type: string; status: string; message: string }[];
  };
}

/**
 * Declares the tests of autoscaling by the platform's own HorizontalPodAutoscaler, Kubernetes' own controllers, and the
 * real metrics-server through the platform's own APIService. Only the nodes are simulated: kwok's kubelets report the
 * CPU in the nodes' annotation.
 * @param restart starts the parts of the cluster again that have ended.
 */
export function scalesByMetrics(current: () => TestStack, restart: () => Promise<Cluster>): void {
  describe("autoscaling by the real metrics-server", () => {
    let stack: TestStack;
    before(() => (stack = current()));

    /** Sets the CPU use of each container on every node. */
    async function use(cpu: string): Promise<void> {
      await stack.kubectl("annotate", "--overwrite", "nodes", "--all", `${usageAnnotation}=${cpu}`);
    }

    /** Waits for a number of ready pods; an error contains what the autoscaler has measured. */
    async function reaches(count: number): Promise<void> {
      const ready = `--for=jsonpath={.status.readyReplicas}=${count}`;
      try {
        await stack.kubectl("wait", "deployment", release, ...app, ready, timeoutArgument);
      } catch (error) {
        const seen = await stack.kubectl("describe", "hpa", release, ...app);
        throw new Error(`not ${count} pods:\n${seen}`, { cause: error });
      }
    }

    async function autoscaler(): Promise<Autoscaler> {
      const text = await stack.kubectl("get", "hpa", release, ...app, "-o", "json");
      return JSON.parse(text) as Autoscaler;
    }

    /** Returns the use of requested CPU according to the autoscaler, percent. */
    async function utilization(): Promise<number | undefined> {
      const [metric] = (await autoscaler()).status.currentMetrics ?? [];
      return metric?.resource?.current.averageUtilization;
    }

    it("finds metrics-server by the platform's APIService, also one that ended, or ends soon after its start", async () => {
      const file = partPid(stack.cluster, "metrics-server");
      const running = () => (isRunning(file) ? Number(readFileSync(file, "utf8")) : undefined);
      const first = running() ?? assert.fail("metrics-server does not run");
      process.kill(first, "SIGKILL");
      const restarting = restart();
      const isNew = () => ![first, undefined].includes(running());
      await until("metrics-server runs again", 60, isNew, 20);
      const second = running() ?? assert.fail("metrics-server has ended");
      // Like one that waits for an API server which is not ready, and gives up later.
      process.kill(second, "SIGSTOP");
      await sleep(10_000);
      process.kill(second, "SIGKILL");
      await restarting;
      // The condition below can be that of the time before.
      await stack.kubectl("get", "--raw", "/apis/metrics.k8s.io/v1beta1");
      await stack.kubectl(
        ...["wait", "apiservice", "v1beta1.metrics.k8s.io"],
        ...["--for=condition=Available", "--timeout=120s"],
      );
    });

    it("starts with the minimum of pods, and keeps it while there is little load", async () => {
      await use("5m");
      await reaches(1);
      const measured =
        "--for=jsonpath={.status.currentMetrics[0].resource.current.averageUtilization}";
      await stack.kubectl("wait", "hpa", release, ...app, measured, timeoutArgument);
      const percent = await utilization();
      assert.ok(percent !== undefined && percent < 70, `the autoscaler measured ${percent}%`);
      await reaches(1);
    });

    it("adds pods up to the maximum under high load", async () => {
      await use("300m");
      await reaches(3);
    });

    it("is not drift: the autoscaler sets the number of pods", async () => {
      await waitUntilScaled((...args) => stack.kubectl(...args));
      await stack.must("refresh", "--expect-no-changes");
      await reaches(3);
    });

    it("removes them again when the load ends", async () => {
      await use("5m");
      await reaches(1);
    });

    it("shows in the autoscaler's status that it can scale, and by which metric", async () => {
      // Each decision writes them again, and one without an answer of metrics-server writes False.
      const untrue = async () => {
        const { conditions = [] } = (await autoscaler()).status;
        return ["AbleToScale", "ScalingActive"].flatMap((type) => {
          const condition = conditions.find((it) => it.type === type);
          return condition?.status === "True" ? [] : [`${type}: ${condition?.message}`];
        });
      };
      await untilEqual(60, untrue, []);
    });
  });
}
