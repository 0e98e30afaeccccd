import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Options of Java for processes that end before better compiled code, or a concurrent collector, would pay. */
export const shortRun = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"];

/**
 * Skips the tests of a hook, with the reason, if there is no Java or Maven, which the project's set-up does not
 * install.
 * @param needs why both are needed.
 */
export function skipWithoutJava(context: Mocha.Context, needs: string): void {
  const folders = (process.env.PATH ?? "").split(delimiter);
  // Asking each for its version would start a Java for each.
  const missing = ["java", "mvn"].filter(
    (command) => !folders.some((folder) => existsSync(join(folder, command))),
  );
  if (missing.length === 0) return;
  console.log(`      skipped: ${missing.join(" and ")} cannot be found; ${needs}`);
  context.skip();
}
