import assert from "node:assert/strict";
import { selectorLabels } from "../../components/shared/labels";
import { containerSecurityContext, runsAs } from "../../components/shared/pods";
import { apply } from "../../local/machines";
import { imageReference, images } from "../../versions/images";
import { kafkaClientOf } from "../machines/cases/logs";
import { RealStack, isReady, until } from "../machines/support/stack";
import { kubectl } from "../support/rendered";

const parts = ["placement", "tenancy", "logging"];
const brokers = ["kafka-0", "kafka-1", "kafka-2"];
const servers = "kafka.logging.svc:9092";
const topic = ["--topic", "numbers"];

/** A pod that the policies let connect to Kafka, as the one that makes the topic. */
const client = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "numbers", namespace: "logging", labels: selectorLabels("kafka-topics") },
  spec: {
    securityContext: runsAs(1000),
    containers: [
      {
        name: "client",
        image: imageReference(images.kafka, { digests: "ignored" }),
        command: ["sleep", "3600"],
        securityContext: containerSecurityContext,
      },
    ],
  },
};

/** Seconds for the update: each broker hands over its partitions, starts, and copies what it missed. */
const patience = 900;

function change(config: Record<string, unknown>): void {
  const { logging } = config["platform:components"] as { logging: { highlyAvailable?: boolean } };
  logging.highlyAvailable = true;
  config["platform:apps"] = {};
}

/**
 * Three brokers as rendered, in pods on three real nodes. It is a nightly test because the update waits several minutes
 * for each broker to be in sync.
 */
describe("three Kafka brokers on three real nodes", () => {
  let real: RealStack;

  before(async () => {
    // Its three pods never share a node, and neither do Elasticsearch's, which are simulated.
    real = await RealStack.start("brokers", parts, change, {
      machines: 3,
      nodes: 3,
      simulated: ["elasticsearch"],
    });
  });
  after(() => real?.stop());

  const pods = async () =>
    (await real.pods()).filter(({ metadata }) => brokers.includes(metadata.name));
  const inClient = (...command: string[]) => real.exec("logging", "numbers", ...command);
  const tool = (name: string, ...args: string[]) =>
    inClient(...kafkaClientOf(servers, name, ...args));

  it("run on a node each, and are in sync", async () => {
    await until("every broker is ready", 180, async () => {
      const found = await pods();
      return found.length === brokers.length && found.every(isReady);
    });
    const nodes = (await pods()).map(({ spec }) => spec.nodeName).sort();
    assert.deepEqual(nodes, ["machine-0", "machine-1", "machine-2"]);
  });

  it("lose no message that they acknowledged while all of them are replaced one after the other", async () => {
    await apply(real.cluster, [client]);
    await until("the client runs", 60, async () =>
      (await real.pods()).some((pod) => pod.metadata.name === "numbers" && isReady(pod)),
    );
    const copies = ["--replication-factor", "3", "--config", "min.insync.replicas=2"];
    await tool("kafka-topics.sh", "--create", ...topic, "--partitions", "3", ...copies);
    const before = new Set((await pods()).map(({ metadata }) => metadata.uid));

    // As Filebeat does: every copy in sync acknowledges, and a message is sent again until that has happened.
    const sure = ["--request-required-acks", "all", "--message-send-max-retries", "100000"];
    const producer = kafkaClientOf(servers, "kafka-console-producer.sh", ...topic, ...sure);
    const numbers = `i=0; while [ ! -e /tmp/enough ]; do i=$((i+1)); echo $i; echo $i >/tmp/sent; sleep 0.02; done`;
    const producing = inClient("sh", "-c", `(${numbers}) | ${producer.join(" ")}`);
    const began = Date.now();
    try {
      await kubectl(real.cluster, "rollout", "restart", "statefulset/kafka", "-n", "logging");
      await until("every broker is another pod, and ready", patience, async () => {
        const found = await pods();
        const replaced = found.filter(({ metadata }) => !before.has(metadata.uid));
        return replaced.length === brokers.length && found.every(isReady);
      });
    } finally {
      await inClient("touch", "/tmp/enough");
    }
    await producing;
    const seconds = Math.round((Date.now() - began) / 1000);
    const sent = Number(await inClient("cat", "/tmp/sent"));
    const read = ["--from-beginning", "--timeout-ms", "20000"];
    const text = await tool("kafka-console-consumer.sh", ...topic, ...read);
    const found = new Set(
      text
        .split("\n")
        .filter((line) => /^\d+$/.test(line))
        .map(Number),
    );
    const lost = Array.from({ length: sent }, (_, index) => index + 1).filter(
      (number) => !found.has(number),
    );
    console.log(`      ${sent} messages in ${seconds} s, ${lost.length} lost`);
    assert.deepEqual(lost.slice(0, 5), []);
    assert.ok(sent > 1000, `${sent} messages`);
  });
});
