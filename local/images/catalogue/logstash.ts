import { chmod, cp, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { imageFacts } from "../../../versions/image-facts";
import { images } from "../../../versions/images";
import { logstashFolder, logstashKey } from "../../toolchain/logstash";
import type { Assembled, Layer } from "../facts";
import { files, shell } from "../layers";
import { javaLayer } from "./java";

const home = imageFacts.logstash.workingDirectory;
const { tag } = images.logstash;

const program: Layer = {
  key: JSON.stringify(["logstash", home, logstashKey(), "755"]),
  make: async (folder) => {
    const lib = join(folder, home, "lib");
    await mkdir(dirname(lib), { recursive: true });
    await cp(await logstashFolder(), lib, { recursive: true });
    // The cache's folder is its owner's alone.
    await chmod(lib, 0o755);
  },
};

const entrypoint = `#!/bin/sh
exec java \${LS_JAVA_OPTS:--Xmx256m} -cp "${home}/lib:${home}/lib/*" Logstash ${home}/pipeline/logstash.conf ${tag}
`;

/** Reads lines from Kafka, and writes them to Elasticsearch. */
export const logstash: Record<"logstash", Assembled> = {
  logstash: {
    facts: imageFacts.logstash,
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
