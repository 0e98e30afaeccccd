import assert from "node:assert/strict";
import { kubectl } from "../../support/rendered";
import { isReady, type RealStack } from "../support/stack";
import { until } from "../../support/until";

/** An alert, as Alertmanager shows it. */
interface Alert {
  labels: Record<string, string>;
  status: { state: string };
}

/** The way of an alert: from a pod through kube-state-metrics and Prometheus to Alertmanager. */
export function alerts(real: () => RealStack): void {
  it("fires an alert while Kafka has no ready pod, and resolves it afterwards", async () => {
    const { cluster } = real();
    const firing = async () => {
      const shown = (await real().get("alertmanager-0", 9093, "/api/v2/alerts")) as Alert[];
      return shown.some(
        ({ labels, status }) =>
          labels["alertname"] === "KafkaDown" &&
          labels["namespace"] === "logging" &&
          status.state === "active",
      );
    };
    assert.equal(await firing(), false);
    await kubectl(cluster, "cordon", "machine-0");
    try {
      // What replaces it stays pending, as on a cluster whose nodes are full.
      await kubectl(cluster, "delete", "pod", "-n", "logging", "kafka-0");
      // Two minutes by its rule, and the intervals of scrapes, of rules and of kube-state-metrics.
      await until("the alert fires", 300, firing);
    } finally {
      await kubectl(cluster, "uncordon", "machine-0");
    }
    await until("Kafka is ready", 120, async () =>
      (await real().pods()).some((pod) => pod.metadata.name === "kafka-0" && isReady(pod)),
    );
    await until("the alert is resolved", 180, async () => !(await firing()));
  });
}
