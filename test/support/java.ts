import { existsSync, mkdirSync, realpathSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { contentHash } from "../../components/shared/hash";
import { cacheFolder } from "../../local/toolchain/paths";

/** Options of Java for processes that end before better compiled code, or a concurrent collector, would pay. */
export const shortRun = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"];

/**
 * Returns the file in which a program's loaded classes are kept in the form that Java maps into memory: later starts
 * take two thirds of the CPU time. Java ignores the file of other jars, and another Java gets another file.
 * @param jars folder whose name changes with the jars.
 * @param command path of `java`. Default: the first one in PATH.
 */
export function classArchive(
  program: string,
  jars: string,
  command = pathsOf("java")[0] ?? "",
): string {
  const java = realpathSync(command);
  const key = contentHash({ java, changed: String(statSync(java).mtimeMs), jars });
  const folder = join(cacheFolder(), "java", key);
  mkdirSync(folder, { recursive: true });
  return join(folder, `${program}.jsa`);
}

/**
 * Returns the body of a shell script that runs a Java program with its class archive, and writes the archive if there
 * is none yet.
 * @param command `java` and its arguments before the script's own.
 */
export function withClassArchive(archive: string, [java, ...args]: readonly string[]): string {
  return `
archive='${archive}'
classes=-XX:SharedArchiveFile=$archive
[ -f "$archive" ] || classes=-XX:ArchiveClassesAtExit=$archive.$$
status=0
${java} -Xlog:disable $classes ${args.join(" ")} "$@" || status=$?
# Another process may be reading or writing it.
[ ! -f "$archive.$$" ] || mv "$archive.$$" "$archive"
exit $status`;
}

/** Returns the files in PATH with the name of a program. */
function pathsOf(program: string): string[] {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.map((folder) => join(folder, program)).filter((file) => existsSync(file));
}

/**
 * Skips the tests of a hook, with the reason, if there is no Java or Maven, which the project's set-up does not
 * install.
 * @param needs why both are needed.
 */
export function skipWithoutJava(context: Mocha.Context, needs: string): void {
  // Asking each for its version would start a Java for each.
  const missing = ["java", "mvn"].filter((command) => pathsOf(command).length === 0);
  if (missing.length === 0) return;
  console.log(`      skipped: ${missing.join(" and ")} cannot be found; ${needs}`);
  context.skip();
}
