import type * as pulumi from "@pulumi/pulumi";
import { configureJob } from "../shared/configure-job";
import { podsOf } from "../shared/network-policy";
import type { DeclaredSecret } from "../shared/secret";
import type { KafkaArgs } from "./kafka-args";
import { kafkaPaths, kafkaPorts, topic, topicSettings as settingsOf } from "./kafka-config";
import type { LoggingPart } from "./part";

/** Declares the Job that creates the topic, or updates its settings. */
export function topicJob(
  part: LoggingPart,
  { size, bufferHours, certificates }: KafkaArgs,
  { users, dependsOn }: { users?: DeclaredSecret; dependsOn: pulumi.Resource[] },
): pulumi.Resource {
  const topicSettings = Object.entries(settingsOf(size, bufferHours));
  const variables = {
    KAFKA: kafkaPaths.home,
    KAFKA_HEAP_OPTS: "-Xmx96m",
    LOG_DIR: "/tmp",
    SERVERS: `kafka:${kafkaPorts.client}`,
    TOPIC: topic,
    PARTITIONS: size.partitions,
    COPIES: size.copies,
    SETTINGS: topicSettings.map(([key, value]) => `${key}=${String(value)}`).join(","),
  };
  const assignments = Object.entries(variables).map(([key, value]) => `${key}=${value}`);
  return configureJob(part, "kafka-topics", {
    files: ["logging/kafka/topics.sh"],
    interpreter: { image: "kafka", command: ["env", ...assignments, "sh"], user: 1000 },
    // The Job's name contains a hash of its settings, so a change creates a new Job.
    settings: variables,
    secrets:
      users === undefined
        ? {}
        : {
            "client.properties": { secret: users.name, key: "client.properties" },
            "ca.crt": { secret: certificates.secret, key: "ca.crt" },
          },
    declaredSecrets: users && [users],
    network: { egress: [{ to: [podsOf("kafka")], ports: [kafkaPorts.client] }] },
    dependsOn,
  });
}
