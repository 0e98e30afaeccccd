import { spawnSync } from "node:child_process";

/**
 * Skips what a hook stands before, with the reason, where there is no Java or no Maven: neither is
 * of this project's own set-up.
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
