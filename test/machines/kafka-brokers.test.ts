import assert from "node:assert/strict";
import { NumberedMessages } from "./support/numbered-messages";
import { until } from "../support/until";
import { isReady, RealStack, type Pod } from "./support/stack";

const parts = ["placement", "tenancy", "gateway", "logging"];
const brokers = ["kafka-0", "kafka-1", "kafka-2"];

/** Seconds for the update: each broker hands over its partitions, starts, and copies what it missed. */
const timeoutSeconds = 600;

/** Seconds after which the producer gives a message up. */
const delivery = 20;

function logging(config: Record<string, unknown>): Record<string, unknown> {
  const { logging: found } = config["platform:components"] as Record<string, object>;
  return found as Record<string, unknown>;
}

/** Three brokers as rendered, in pods that never share a node. */
describe("three Kafka brokers on three real nodes", () => {
  let real: RealStack;

  before(async () => {
    const change = (config: Record<string, unknown>) => {
      logging(config)["highlyAvailable"] = true;
      config["platform:apps"] = {};
    };
    real = await RealStack.start("brokers", parts, change, {
      machines: 3,
      // Elasticsearch's pods never share a node either.
      nodes: 3,
      simulated: ["elasticsearch", "logstash"],
    });
  });
  after(() => real?.stop());

  const pods = async (): Promise<Pod[]> =>
    (await real.pods()).filter(({ metadata }) => brokers.includes(metadata.name));

  it("run on separate nodes", async () => {
    await until("every broker is ready", 180, async () => {
      const found = await pods();
      return found.length === brokers.length && found.every(isReady);
    });
    const nodes = (await pods()).map(({ spec }) => spec.nodeName).sort();
    assert.deepEqual(nodes, ["machine-0", "machine-1", "machine-2"]);
  });

  it("lose and delay no message while an update replaces them one after the other", async () => {
    const messages = await NumberedMessages.of(real);
    const before = new Set((await pods()).map(({ metadata }) => metadata.uid));
    await messages.start(delivery);
    const began = Date.now();
    // The brokers then know their zone: a variable of their pods.
    real.stack.edit((config) => (logging(config)["zones"] = true));
    await real.stack.must("up");
    await until("every broker is another pod, and ready", timeoutSeconds, async () => {
      const found = await pods();
      const replaced = found.filter(({ metadata }) => !before.has(metadata.uid));
      return replaced.length === brokers.length && found.every(isReady);
    });
    const { acknowledged, failed, longestPause } = await messages.stop();
    const seconds = Math.round((Date.now() - began) / 1000);
    const found = await messages.readAcknowledged();
    const lost = acknowledged.filter((number) => !found.has(number));
    console.log(
      `      ${acknowledged.length} messages acknowledged in ${seconds} s, ${lost.length} of them lost, ${failed.length} given up; none acknowledged for ${longestPause} s at most`,
    );
    assert.deepEqual(lost.slice(0, 5), []);
    assert.deepEqual(failed.slice(0, 5), []);
    assert.ok(acknowledged.length > 1000, `${acknowledged.length} messages`);
    const behind = ["--describe", "--under-replicated-partitions"];
    assert.equal((await messages.tool("kafka-topics.sh", ...behind)).trim(), "");
  });
});
