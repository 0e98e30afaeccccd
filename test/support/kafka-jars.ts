import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { contentHash } from "../../components/shared/hash";
import { cacheFolder, checkout } from "../../local/toolchain/paths";
import { run } from "../../local/toolchain/run";
import { images } from "../../versions/images";

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

/** Returns the folder of the jars of the image's version of Kafka; Maven downloads them once per user. */
export async function kafkaJars(): Promise<string> {
  const pom = join(checkout, "test/integration/kafka/pom.xml");
  const { tag } = images.kafka;
  const hash = contentHash({ pom: readFileSync(pom, "utf8") });
  const folder = join(cacheFolder(), "kafka", `${tag}-${hash}`);
  if (existsSync(folder)) return folder;
  mkdirSync(join(folder, ".."), { recursive: true });
  const incomplete = mkdtempSync(`${folder}-`);
  try {
    await run("mvn", [
      ...["--batch-mode", "--quiet", "-f", pom, `-Dkafka.version=${tag}`],
      ...["dependency:copy-dependencies", "-DincludeScope=runtime"],
      `-DoutputDirectory=${incomplete}`,
    ]);
    // Another process may have been faster.
    if (!existsSync(folder)) renameSync(incomplete, folder);
  } finally {
    rmSync(incomplete, { recursive: true, force: true });
  }
  return folder;
}
