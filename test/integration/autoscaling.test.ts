import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { startCluster, stopCluster, type Cluster } from "../../local/cluster";
import { usageAnnotation } from "../../local/cluster/metrics";
import { partPid } from "../../local/cluster/paths";
import { annotateNodes, metricsServerObjects } from "../support/metrics-server";
import { TestStack } from "../support/project";
import { untilEqual } from "../support/until";

/** Timeout of the autoscaler, milliseconds: several rounds of metrics and decisions. */
const scalingTimeout = 240_000;

/** Polling interval, milliseconds. */
const interval = 2000;

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
 * Uses the platform's own HorizontalPodAutoscaler, Kubernetes' own controllers, and the real metrics-server through the
 * platform's own APIService. Only the nodes are simulated: kwok's kubelets report the CPU in the nodes' annotation.
 */
describe("autoscaling on a real control plane, by the real metrics-server", () => {
  let stack: TestStack;

  before(async () => {
    const cluster = await start();
    stack = new TestStack("autoscaling", cluster);
    stack.keepApps("news");
    stack.keepParts("placement", "tenancy", "gateway");
    stack.omitGatewayCrds();
    await annotateNodes(stack);
    await stack.create();
    await stack.must("up");
  });
  after(async () => {
    await stopCluster("autoscaling");
    stack.remove();
  });

  async function start(): Promise<Cluster> {
    const objects = await metricsServerObjects();
    return startCluster({ name: "autoscaling", gatewayCrds: true, metrics: { objects } });
  }

  /** Sets the CPU use of each container on every node. */
  async function use(cpu: string): Promise<void> {
    await stack.kubectl("annotate", "--overwrite", "nodes", "--all", `${usageAnnotation}=${cpu}`);
  }

  async function pods(): Promise<string> {
    const path = "jsonpath={.status.readyReplicas}";
    return stack.kubectl("get", "deployment", release, ...app, "-o", path);
  }

  /** Waits for a number of ready pods; an error contains what the autoscaler has measured. */
  async function reaches(count: number): Promise<void> {
    const end = Date.now() + scalingTimeout;
    while ((await pods()) !== String(count)) {
      if (Date.now() > end) {
        const seen = await stack.kubectl("describe", "hpa", release, ...app);
        assert.fail(`${await pods()} pods, not ${count}:\n${seen}`);
      }
      await sleep(interval);
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

  it("finds metrics-server by the platform's APIService, also one that had ended", async () => {
    const pid = partPid(stack.cluster, "metrics-server");
    process.kill(Number(readFileSync(pid, "utf8")), "SIGKILL");
    await start();
    await stack.kubectl(
      ...["wait", "apiservice", "v1beta1.metrics.k8s.io"],
      ...["--for=condition=Available", "--timeout=120s"],
    );
  });

  it("starts with the fewest pods, and leaves it at that while there is little to do", async () => {
    await use("5m");
    await reaches(1);
    const end = Date.now() + scalingTimeout;
    let measured = await utilization();
    while (measured === undefined && Date.now() < end) {
      await sleep(interval);
      measured = await utilization();
    }
    assert.ok(measured !== undefined && measured < 70, `the autoscaler measured ${measured}%`);
    assert.equal(await pods(), "1");
  });

  it("adds pods up to the highest number when they have more to do than they should", async () => {
    await use("300m");
    await reaches(3);
  });

  it("takes them away again when they have not", async () => {
    await use("5m");
    await reaches(1);
  });

  it("says in the autoscaler's status that it can scale, and by what", async () => {
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

  it("is not drift: the autoscaler sets the number of pods", async () => {
    await use("300m");
    await reaches(3);
    const { code, output } = await stack.pulumi("refresh", "--expect-no-changes");
    assert.equal(code, 0, output);
    const { output: unchanged } = await stack.pulumi("up", "--expect-no-changes");
    assert.match(unchanged, /unchanged/);
    assert.equal(await pods(), "3");
  });
});
