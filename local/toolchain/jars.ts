import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { contentHash } from "../../components/shared/hash";
import { cacheFolder, checkout } from "./paths";
import { run } from "./run";

/** The pom.xml from which Maven resolves Kafka's jars. */
export const kafkaPom = join(checkout, "test/integration/kafka/pom.xml");

/** Returns the folder of the jars of a version of Kafka; Maven downloads them once per user. */
export async function kafkaJars(version: string): Promise<string> {
  const hash = contentHash({ pom: readFileSync(kafkaPom, "utf8") });
  const folder = join(cacheFolder(), "kafka", `${version}-${hash}`);
  if (existsSync(folder)) return folder;
  mkdirSync(join(folder, ".."), { recursive: true });
  const incomplete = mkdtempSync(`${folder}-`);
  try {
    await run("mvn", [
      ...["--batch-mode", "--quiet", "-f", kafkaPom, `-Dkafka.version=${version}`],
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

/** Returns the archive of a version of Tomcat from Maven Central. */
export async function tomcatArchive(version: string): Promise<string> {
  const folder = join(cacheFolder(), "tomcat");
  const archive = join(folder, `tomcat-${version}.tar.gz`);
  if (existsSync(archive)) return archive;
  mkdirSync(folder, { recursive: true });
  const incomplete = mkdtempSync(`${archive}-`);
  try {
    await run("mvn", [
      ...["--batch-mode", "--quiet", "dependency:copy"],
      ...[`-Dartifact=org.apache.tomcat:tomcat:${version}:tar.gz`],
      `-DoutputDirectory=${incomplete}`,
    ]);
    renameSync(join(incomplete, `tomcat-${version}.tar.gz`), archive);
  } finally {
    rmSync(incomplete, { recursive: true, force: true });
  }
  return archive;
}
