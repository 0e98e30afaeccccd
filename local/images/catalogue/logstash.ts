import { readFileSync, readdirSync } from "node:fs";
import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { images } from "../../../versions/images";
import { javaHome } from "../../toolchain/java";
import { kafkaJars, kafkaPom } from "../../toolchain/jars";
import { checkout } from "../../toolchain/paths";
import { run } from "../../toolchain/run";
import type { Assembled, Layer } from "../facts";
import { files, shell } from "../layers";
import { javaLayer } from "./java";

const home = "/usr/share/logstash";
const sources = join(checkout, "local/images/logstash");
const { tag } = images.logstash;

/** Of Kafka's jars, its client and what that needs. */
const jars = /^(kafka-clients|jackson-(core|databind|annotations)|slf4j-api|lz4|zstd|snappy)-/;

const program: Layer = {
  key: JSON.stringify([
    "logstash",
    home,
    images.kafka.tag,
    readFileSync(kafkaPom, "utf8"),
    ...readdirSync(sources)
      .sort()
      .map((file) => readFileSync(join(sources, file), "utf8")),
  ]),
  make: async (folder) => {
    const jdk = javaHome(17);
    if (jdk === undefined) throw new Error("it needs a JDK of version 17 or newer");
    const lib = join(folder, home, "lib");
    await mkdir(lib, { recursive: true });
    const all = await kafkaJars(images.kafka.tag);
    for (const jar of readdirSync(all).filter((it) => jars.test(it))) {
      await cp(join(all, jar), join(lib, jar));
    }
    const java = readdirSync(sources).map((file) => join(sources, file));
    const options = ["-nowarn", "--release", "17", "-d", lib, "-cp", `${lib}/*`];
    await run(join(jdk, "bin/javac"), [...options, ...java]);
  },
};

const entrypoint = `#!/bin/sh
exec java \${LS_JAVA_OPTS:--Xmx256m} -cp "${home}/lib:${home}/lib/*" Logstash ${home}/pipeline/logstash.conf ${tag}
`;

/** Reads lines from Kafka, and writes them to Elasticsearch. */
export const logstash: Record<"logstash", Assembled> = {
  logstash: {
    facts: {
      user: "1000:0",
      entrypoint: ["/usr/local/bin/docker-entrypoint"],
      workdir: home,
      env: { ELASTIC_CONTAINER: "true" },
      folders: ["config", "data", "pipeline"].map((path) => ({
        path: `${home}/${path}`,
        owner: [1000, 0],
        mode: 0o775,
      })),
      shell: true,
      source:
        "elastic/logstash, docker/templates/Dockerfile.erb: USER 1000, ENTRYPOINT /usr/local/bin/docker-entrypoint, WORKDIR /usr/share/logstash",
    },
    layers: [
      shell,
      javaLayer("/usr/share/logstash/jdk"),
      program,
      files({ "/usr/local/bin/docker-entrypoint": entrypoint }),
    ],
    isStandIn: true,
    differs:
      "a program of the project's own, which does what the pipeline's text says with Kafka's client, and has no queue of its own",
  },
};
