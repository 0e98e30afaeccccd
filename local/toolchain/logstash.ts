import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { images } from "../../versions/images";
import { javaHome } from "./java";
import { kafkaJars, kafkaPom } from "./jars";
import { cacheFolder, checkout } from "./paths";
import { run } from "./run";

const sources = join(checkout, "local/images/logstash");

/** Kafka's client and its dependencies, among Kafka's jars. */
const jars = /^(kafka-clients|jackson-(core|databind|annotations)|slf4j-api|lz4|zstd|snappy)-/;

/** Returns what identifies the stand-in for Logstash: its sources, and the version of Kafka's client. */
export function logstashKey(): string {
  const hash = createHash("sha256").update(readFileSync(kafkaPom));
  for (const file of readdirSync(sources).sort()) hash.update(readFileSync(join(sources, file)));
  return `${images.kafka.tag}-${hash.digest("hex").slice(0, 12)}`;
}

/**
 * Returns a folder with the jars and classes of the stand-in for Logstash; compiled once per user.
 * @throws Error without a JDK.
 */
export async function logstashFolder(): Promise<string> {
  const folder = join(cacheFolder(), "logstash", logstashKey());
  if (existsSync(folder)) return folder;
  const jdk = javaHome(17);
  if (jdk === undefined) throw new Error("it needs a JDK of version 17 or newer");
  const all = await kafkaJars(images.kafka.tag);
  await mkdir(join(folder, ".."), { recursive: true });
  const incomplete = await mkdtemp(`${folder}-`);
  try {
    for (const jar of readdirSync(all).filter((it) => jars.test(it))) {
      await cp(join(all, jar), join(incomplete, jar));
    }
    const java = readdirSync(sources).map((file) => join(sources, file));
    const options = ["-nowarn", "--release", "17", "-d", incomplete, "-cp", `${incomplete}/*`];
    await run(join(jdk, "bin/javac"), [...options, ...java]);
    await rename(incomplete, folder).catch((error: unknown) => {
      // Another process was faster.
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(incomplete, { recursive: true, force: true });
  }
  return folder;
}
