import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Skips the tests of a hook, with the reason, if there is no Java or Maven, which the project's set-up does not
 * install.
 * @param needs why both are needed.
 */
export function skipWithoutJava(context: Mocha.Context, needs: string): void {
  const missing = ["java", "mvn"].filter(
    (command) => spawnSync(command, ["-version"]).error !== undefined,
  );
  if (missing.length === 0) return;
  console.log(`      skipped: ${missing.join(" and ")} cannot be found; ${needs}`);
  context.skip();
}

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
