import assert from "node:assert/strict";
import { kubectl } from "../../support/rendered";
import { isReady, until, type RealStack } from "../support/stack";

/** An alert, as Alertmanager shows it. */
interface Alert {
  labels: Record<string, string>;
  status: { state: string };
}

/**
 * The way of an alert: from a pod through kube-state-metrics and Prometheus to Alertmanager.
 * @param meanwhile declares tests that need no Kafka; they run while the alert waits for two minutes, as its rule says.
 */
export function alerts(real: () => RealStack, meanwhile: () => void): void {
  describe("while Kafka has no pod", () => {
    let began = 0;
    const scale = async (replicas: number) => {
      const args = ["scale", "statefulset/kafka", "-n", "logging", `--replicas=${replicas}`];
      await kubectl(real().cluster, ...args);
    };
    const firing = async () => {
      const shown = (await real().get("alertmanager-0", 9093, "/api/v2/alerts")) as Alert[];
      return shown.some(
        ({ labels, status }) =>
          labels["alertname"] === "KafkaDown" &&
          labels["namespace"] === "logging" &&
          status.state === "active",
      );
    };

    before(async () => {
      assert.equal(await firing(), false);
      await scale(0);
      began = Date.now();
    });
    after(() => scale(1));

    meanwhile();

    describe("an alert", () => {
      it("fires, and is resolved when Kafka is back", async () => {
        // Two minutes by its rule, and the intervals of scrapes, of rules and of kube-state-metrics.
        const waited = (Date.now() - began) / 1000;
        await until("the alert fires", Math.max(1, 300 - waited), firing);
        await scale(1);
        await until("Kafka is ready", 120, async () =>
          (await real().pods()).some((pod) => pod.metadata.name === "kafka-0" && isReady(pod)),
        );
        await until("the alert is resolved", 180, async () => !(await firing()));
      });
    });
  });
}
