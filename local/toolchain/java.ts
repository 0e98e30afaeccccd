import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const installed = "/usr/lib/jvm";

/** Returns the folder of a JDK with a minimum version: that of JAVA_HOME, or one of the system's. */
export function javaHome(atLeast: number): string | undefined {
  const system = existsSync(installed)
    ? readdirSync(installed).map((name) => join(installed, name))
    : [];
  const candidates = [process.env["JAVA_HOME"] ?? "", ...system];
  return candidates.find((folder) => {
    const release = join(folder, "release");
    if (!existsSync(release) || !existsSync(join(folder, "bin/javac"))) return false;
    const version = /^JAVA_VERSION="(\d+)/m.exec(readFileSync(release, "utf8"))?.[1];
    return Number(version) >= atLeast;
  });
}
