import { cp, mkdir } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { imageFacts } from "../../../versions/image-facts";
import { images } from "../../../versions/images";
import { kafkaJars, kafkaPom } from "../../toolchain/jars";
import type { Assembled, Layer } from "../facts";
import { files, shell } from "../layers";
import { javaLayer } from "./java";

const home = "/opt/kafka";
const java = imageFacts.kafka.environment.JAVA_HOME;

/** Programs that the scripts of Kafka's distribution start. */
const programs = {
  "kafka-storage.sh": "kafka.tools.StorageTool",
  "kafka-server-start.sh": "kafka.Kafka",
  "kafka-topics.sh": "org.apache.kafka.tools.TopicCommand",
  "kafka-configs.sh": "kafka.admin.ConfigCommand",
  "kafka-get-offsets.sh": "org.apache.kafka.tools.GetOffsetShell",
  "kafka-console-producer.sh": "org.apache.kafka.tools.ConsoleProducer",
  "kafka-console-consumer.sh": "org.apache.kafka.tools.consumer.ConsoleConsumer",
  "kafka-verifiable-producer.sh": "org.apache.kafka.tools.VerifiableProducer",
};

const jars: Layer = {
  key: JSON.stringify(["kafka", images.kafka.tag, readFileSync(kafkaPom, "utf8")]),
  make: async (folder) => {
    const target = join(folder, home, "libs");
    await mkdir(target, { recursive: true });
    await cp(await kafkaJars(images.kafka.tag), target, { recursive: true });
  },
};

/** The distribution's scripts are not in a registry; these start the same classes with the same variables. */
const scripts = files(
  Object.fromEntries(
    Object.entries(programs).map(([name, main]) => [
      `${home}/bin/${name}`,
      `#!/bin/sh\nexec java \${KAFKA_HEAP_OPTS:--Xmx256m} \${KAFKA_LOG4J_OPTS:-} \${KAFKA_JVM_PERFORMANCE_OPTS:--server} \${KAFKA_OPTS:-} -cp "${home}/libs/*" ${main} "$@"\n`,
    ]),
  ),
);

/** The queue of log lines. */
export const kafka: Record<"kafka", Assembled> = {
  kafka: {
    facts: {
      ...imageFacts.kafka,
      entryPoint: [],
      environment: { JAVA_HOME: java, LANG: "C.UTF-8" },
    },
    otherFacts: {
      entryPoint: "the official script only installs certificates, and no pod asks for them",
      environment: "Debian's C library has no other locale without a package for it",
    },
    layers: [shell, javaLayer(java), jars, scripts],
    differs: "on Debian's Java 17, with start scripts of the project's own",
  },
};
