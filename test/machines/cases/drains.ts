import assert from "node:assert/strict";
import { kubectl } from "../../support/rendered";
import { ask, Load } from "../../e2e/support/load";
import type { Target } from "../../e2e/support/send";
import { recordedSpans, type RecordedSpan } from "../support/recorder";
import { isReady, type RealStack } from "../support/stack";
import { until } from "../../support/until";
import { kafkaClient } from "./logs";
import { nodeNames, podsNamed } from "./several-nodes";

/** A node that is emptied for maintenance while requests arrive and a release is promoted. */
export function drains(real: () => RealStack, target: (node: string) => Target): void {
  const topic = ["--topic", "kept"];
  const inKafka = (...command: string[]) => real().exec("logging", "kafka-0", ...command);
  const kafka = async () => (await podsNamed(real(), "kafka-0"))[0];
  const tempo = async () => (await podsNamed(real(), "tempo-0"))[0];
  let spans: RecordedSpan[] = [];
  let home = "";
  let drained = "";
  let other = "";

  before(async () => {
    home = (await tempo())?.spec.nodeName ?? "";
    spans = await recordedSpans(real());
    assert.ok(spans.length > 0, "Tempo's volume holds nothing");
    drained = (await kafka())?.spec.nodeName ?? "";
    other = nodeNames.find((node) => node !== drained) ?? "";
    await inKafka(...kafkaClient("kafka-topics.sh", "--create", ...topic, "--partitions", "1"));
    const produce = kafkaClient("kafka-console-producer.sh", ...topic).join(" ");
    await inKafka("sh", "-c", `echo before | ${produce}`);
  });
  after(async () => {
    const nodes = [drained, home].filter((node) => node !== "");
    if (nodes.length > 0) await kubectl(real().cluster, "uncordon", ...nodes);
  });

  it("answers every request while a node is drained in the middle of a promotion", async () => {
    const load = new Load(target(other), 1);
    real().stack.editApp("shop", (shop) => {
      delete shop["canary"];
      shop["stable"] = { version: "1.5.0" };
    });
    const promotion = real().stack.must("up");
    await real().stack.waitForLock();
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

  it("starts Kafka on the other node with its messages, as its volume attaches to any", async () => {
    await until("Kafka is ready on the other node", 120, async () => {
      const found = await kafka();
      return found !== undefined && isReady(found) && found.spec.nodeName === other;
    });
    const read = kafkaClient("kafka-console-consumer.sh", ...topic, "--from-beginning");
    const text = await inKafka(...read, "--max-messages", "1", "--timeout-ms", "20000");
    assert.match(text, /^before$/m);
    await kubectl(real().cluster, "uncordon", drained);
  });

  it("lets a pod whose volume is a folder of its node wait for that node, and keeps what it holds", async () => {
    await kubectl(real().cluster, "cordon", home);
    // It is gone already if its node is the one that was drained.
    await kubectl(real().cluster, "delete", "pod", "-n", "tracing", "tempo-0");
    const path = `jsonpath={.status.conditions[?(@.type=="PodScheduled")].message}`;
    await until("no other node has its volume", 60, async () => {
      const pod = ["get", "pod", "-n", "tracing", "tempo-0", "--ignore-not-found", "-o", path];
      return /volume.*node affinity/i.test(await kubectl(real().cluster, ...pod));
    });
    await kubectl(real().cluster, "uncordon", home);
    await until("Tempo is ready on the node of its volume", 120, async () => {
      const found = await tempo();
      return found !== undefined && isReady(found) && found.spec.nodeName === home;
    });
    assert.deepEqual((await recordedSpans(real())).slice(0, spans.length), spans);
  });
}

/** Returns a function that returns the seconds since now. */
function stopwatch(): () => number {
  const began = Date.now();
  return () => Math.round((Date.now() - began) / 1000);
}
