import { startCluster, stopCluster, type Cluster } from "../../local/cluster";
import { annotateNodes, metricsServerObjects } from "../support/metrics-server";
import { TestStack } from "../support/project";
import { scalesByMetrics } from "./metrics/autoscaling";
import { monitorsControlPlane, readControlPlane } from "./metrics/prometheus";

const name = "metrics";

/** With its own times, the controller manager ends if a busy machine does not let it renew its lease for 10 s. */
const patientLeader = {
  "leader-elect": "true",
  "leader-elect-lease-duration": "180s",
  "leader-elect-renew-deadline": "150s",
};

describe("metrics of a real control plane and its pods", () => {
  let stack: TestStack;
  before(async () => {
    const cluster = await start();
    stack = new TestStack(name, cluster);
    stack.keepApps("news");
    stack.keepParts("placement", "tenancy", "gateway", "monitoring");
    stack.omitGatewayCrds();
    stack.edit((config) => readControlPlane(config, cluster));
    await annotateNodes(stack);
    await stack.create();
    await stack.must("up");
  });
  after(async () => {
    await stopCluster(name);
    stack?.remove();
  });

  async function start(): Promise<Cluster> {
    const objects = await metricsServerObjects();
    // Controllers that need no lease, as in other local clusters, do not say who leads.
    const controllerManager = patientLeader;
    return startCluster({ name, gatewayCrds: true, metrics: { objects }, controllerManager });
  }

  monitorsControlPlane(() => stack);
  scalesByMetrics(() => stack, start);
});
