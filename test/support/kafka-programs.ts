/** Programs of Kafka's distribution that the tests start. */
export const programs = {
  "kafka-storage.sh": "kafka.tools.StorageTool",
  "kafka-server-start.sh": "kafka.Kafka",
  "kafka-topics.sh": "org.apache.kafka.tools.TopicCommand",
  "kafka-configs.sh": "kafka.admin.ConfigCommand",
  "kafka-get-offsets.sh": "org.apache.kafka.tools.GetOffsetShell",
  "kafka-console-consumer.sh": "org.apache.kafka.tools.consumer.ConsoleConsumer",
  "kafka-producer-perf-test.sh": "org.apache.kafka.tools.ProducerPerformance",
  "kafka-consumer-perf-test.sh": "org.apache.kafka.tools.ConsumerPerformance",
} as const;
