import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { topic } from "../../components/logging/kafka-config";
import { smallLoggingSize } from "../support/logging";
import { skipWithoutJava } from "../support/java";
import { KafkaNode } from "../support/kafka";
import { kafkaJars } from "../../local/toolchain/jars";
import { long } from "../support/long";
import { images } from "../../versions/images";

const messages = long ? 1_000_000 : 20_000;
const { kafka: size } = smallLoggingSize(1);

describe("a real Kafka with the component's settings", function () {
  // Each test starts several programs of Java, which takes long on a busy machine.
  this.timeout(600_000);
  let jars: string;
  before(async function () {
    skipWithoutJava(this, "Kafka comes by Maven and runs on Java");
    jars = await kafkaJars(images.kafka.tag);
  });

  // By day, `logging.test.ts` covers the other one.
  for (const security of long ? (["plaintext", "sasl-tls"] as const) : (["sasl-tls"] as const)) {
    describe(`and ${security}`, () => {
      let node: KafkaNode | undefined;
      const running = (): KafkaNode => {
        assert.ok(node);
        return node;
      };
      before(async () => {
        const args = {
          size,
          bufferHours: 24,
          security,
          certificates: { secret: "logging-tls", createdBy: [] },
        };
        node = new KafkaNode(jars, args);
        await node.start();
      });
      after(() => node?.stop());

      it("has the topic after one run of its script, and changes nothing in the next one", async () => {
        const first = await running().makeTopic();
        assert.equal(first.code, 0, first.stdout + first.stderr);
        assert.match(first.stdout, /Created topic logs\./);
        const made = await description(running());
        const { SETTINGS: settings = "" } = running().topicVariables();
        assert.match(made, new RegExp(`PartitionCount: ${size.partitions}\\s`));
        for (const setting of settings.split(",")) assert.ok(made.includes(setting), setting);
        const second = await running().makeTopic();
        assert.deepEqual({ code: second.code, stdout: second.stdout }, { code: 0, stdout: "" });
        assert.equal(await description(running()), made);
      });

      it(`stores ${messages} messages and returns all of them`, async () => {
        const count = ["--topic", topic, "--num-records", String(messages)];
        const load = ["--record-size", "200", "--throughput", "-1"];
        const acknowledged = ["--command-property", "acks=all"];
        const sent = await running().tool(
          "kafka-producer-perf-test.sh",
          ...count,
          ...load,
          ...acknowledged,
        );
        assert.match(sent, new RegExp(`^${messages} records sent`, "m"));
        const read = await running().tool(
          "kafka-consumer-perf-test.sh",
          ...[...count, "--hide-header", "--timeout", "30000"],
        );
        // Start, end, MB, MB per second, number of messages, and times.
        const row = read.split("\n").find((line) => line.split(", ").length >= 6);
        assert.equal(Number(row?.split(", ")[4]), messages, read);
      });

      it("gets more partitions and a changed setting, and keeps the messages", async () => {
        const { SETTINGS: settings = "" } = running().topicVariables();
        const partitions = size.partitions + 2;
        const { code, stdout, stderr } = await running().makeTopic({
          PARTITIONS: String(partitions),
          SETTINGS: settings.replace(/retention\.ms=\d+/, "retention.ms=7200000"),
        });
        assert.equal(code, 0, stdout + stderr);
        assert.match(stdout, /^logs now has retention\.ms=7200000$/m);
        // Kafka applies both after it has answered.
        await eventually(async () => {
          const changed = await description(running());
          assert.match(changed, new RegExp(`PartitionCount: ${partitions}\\s`));
          assert.match(changed, /retention\.ms=7200000/);
          assert.equal(await endOffsets(running()), messages);
        });
      });
    });
  }
});

/** Repeats assertions until they hold, ten times at most. */
async function eventually(assertions: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await assertions();
      return;
    } catch (error) {
      if (attempt === 10) throw error;
      await sleep(1000);
    }
  }
}

function description(node: KafkaNode): Promise<string> {
  return node.tool("kafka-topics.sh", "--describe", "--topic", topic);
}

/** Returns the number of messages in all partitions: none was deleted, so they begin at 0. */
async function endOffsets(node: KafkaNode): Promise<number> {
  const lines = await node.tool("kafka-get-offsets.sh", "--topic", topic);
  return lines
    .split("\n")
    .filter((line) => line.startsWith(`${topic}:`))
    .reduce((sum, line) => sum + Number(line.split(":")[2]), 0);
}
