import assert from "node:assert/strict";
import { kubectl } from "../../support/rendered";
import { ask, Load } from "../../e2e/support/load";
import type { Target } from "../../e2e/support/send";
import { isReady, type RealStack } from "../support/stack";
import { until } from "../../support/until";
import { kafkaClient } from "./logs";
import { nodeNames, podsNamed } from "./several-nodes";

/** A node that is emptied for maintenance while requests arrive and a release is promoted. */
export function drains(real: () => RealStack, target: (node: string) => Target): void {
  const topic = ["--topic", "kept"];
  const inKafka = (...command: string[]) => real().exec("logging", "kafka-0", ...command);
  const kafka = async () => (await podsNamed(real(), "kafka-0"))[0];
  let drained = "";
  let other = "";

  before(async () => {
    drained = (await kafka())?.spec.nodeName ?? "";
    other = nodeNames.find((node) => node !== drained) ?? "";
    await inKafka(...kafkaClient("kafka-topics.sh", "--create", ...topic, "--partitions", "1"));
    const produce = kafkaClient("kafka-console-producer.sh", ...topic).join(" ");
    await inKafka("sh", "-c", `echo before | ${produce}`);
  });
  after(async () => {
    if (drained !== "") await kubectl(real().cluster, "uncordon", drained);
  });

  it("answers every request while a node is drained in the middle of a promotion", async () => {
    const load = new Load(target(other), 1);
    real().stack.edit((config) => {
      const { shop } = config["platform:apps"] as { shop: Record<string, unknown> };
      delete shop["canary"];
      shop["stable"] = { version: "1.5.0" };
    });
    const promotion = real().stack.must("up");
    await real().stack.locked();
    const drain = ["drain", drained, "--ignore-daemonsets", "--delete-emptydir-data"];
    const drainTook = stopwatch();
    const emptied = kubectl(real().cluster, ...drain, "--timeout=240s").then(drainTook);
    const promotionTook = stopwatch();
    const results = await Promise.allSettled([promotion.then(promotionTook), emptied]);
    const { failed, total } = await load.stop();
    const [seconds, drainSeconds] = results.map((result) => {
      if (result.status === "rejected") throw result.reason;
      return result.value;
    });
    console.log(
      `      ${total} requests, ${failed.length} failed; promotion ${seconds} s, drain ${drainSeconds} s`,
    );
    assert.deepEqual(failed.slice(0, 5), []);
    assert.ok(total > 100, `${total} requests`);
    const left = (await real().pods()).filter(({ spec }) => spec.nodeName === drained);
    assert.deepEqual(
      left
        .map(({ metadata }) => metadata.name)
        .filter((name) => !/^(otel-agent|filebeat|log-rotation|node-exporter)/.test(name)),
      [],
    );
    await until("only the promoted release answers", 30, async () => {
      const { byRelease } = await ask(target(other), 40, 2);
      return Object.keys(byRelease).every((name) => name.startsWith("shop-1-5-0-"));
    });
  });

  it("keeps Kafka's messages over the drain: its local volume waits for the node, and so does its pod", async () => {
    const path = "jsonpath={.status.phase}";
    const pod = ["get", "pod", "-n", "logging", "kafka-0", "-o", path];
    assert.equal(await kubectl(real().cluster, ...pod), "Pending");
    await kubectl(real().cluster, "uncordon", drained);
    await until("Kafka is ready on the node of its volume", 120, async () => {
      const found = await kafka();
      return found !== undefined && isReady(found) && found.spec.nodeName === drained;
    });
    const read = kafkaClient("kafka-console-consumer.sh", ...topic, "--from-beginning");
    const text = await inKafka(...read, "--max-messages", "1", "--timeout-ms", "20000");
    assert.match(text, /^before$/m);
  });
}

/** Returns a function that returns the seconds since now. */
function stopwatch(): () => number {
  const began = Date.now();
  return () => Math.round((Date.now() - began) / 1000);
}
