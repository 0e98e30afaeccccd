import assert from "node:assert/strict";
import type { RealStack } from "../support/stack";

/** Returns a command that runs a program of Kafka's distribution with little memory, as a client of its own pod. */
export function kafkaClient(program: string, ...args: string[]): string[] {
  return kafkaClientOf("localhost:9092", program, ...args);
}

/** The same, as a client of other addresses. */
export function kafkaClientOf(servers: string, program: string, ...args: string[]): string[] {
  return [
    ...["env", "KAFKA_HEAP_OPTS=-Xmx96m", "KAFKA_LOG4J_OPTS=", "KAFKA_JVM_PERFORMANCE_OPTS="],
    ...[`/opt/kafka/bin/${program}`, "--bootstrap-server", servers, ...args],
  ];
}

/** The way of log lines as far as it runs here: from a container through Filebeat to Kafka. */
export function logs(real: () => RealStack): void {
  it("brings a line that an app prints to Kafka", async () => {
    const pod = (await real().pods()).find(({ metadata }) => /^shop-1-4-2/.test(metadata.name));
    assert.ok(pod);
    const { name, namespace } = pod.metadata;
    // Filebeat 7 does not read a file that is shorter than the fingerprint of 1024 bytes.
    const line = `marker-of-a-line ${"x".repeat(200)}`;
    const print = `for i in 1 2 3 4 5 6 7 8; do echo "${line}" >/proc/1/fd/1; done`;
    await real().exec(namespace, name, "sh", "-c", print);
    // The topic never ends, as Filebeat goes on; grep ends at the line.
    const consumer = kafkaClient(
      "kafka-console-consumer.sh",
      "--topic",
      "logs",
      "--from-beginning",
    );
    const find = `timeout 120 ${consumer.join(" ")} | grep --max-count=1 marker-of-a-line`;
    const text = await real().exec("logging", "kafka-0", "sh", "-c", find);
    const { ltype, log } = JSON.parse(text) as { ltype: string; log: { file: { path: string } } };
    assert.equal(ltype, "containers");
    // Filebeat 7 sends the first lines of a file before it knows the pod, so the path has to name it.
    assert.ok(log.file.path.includes(`${name}_${namespace}_`), log.file.path);
  });
}
