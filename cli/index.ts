import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { helpText, verbOf } from "./verbs";

const [node = process.execPath, script = __filename, ...args] = process.argv;
const found = verbOf(args);

if (found !== undefined) {
  if (found.verb.crds === true && !found.rest.includes("--help")) setUpCrds();
  // Each module reads the command line itself. Only the one that is asked for is loaded.
  process.argv = [node, script, ...found.rest];
  createRequire(__filename)(found.verb.module);
} else if (["--help", "-h", "help"].includes(args[0] ?? "")) {
  console.log(helpText());
} else {
  console.error(`verb: expected one of those below, got ${JSON.stringify(args[0] ?? "")}\n`);
  console.error(helpText());
  process.exitCode = 1;
}

function setUpCrds(): void {
  const command = ["--require", "tsx/cjs", "local/commands/setup.ts", "--crds"];
  const { status, error } = spawnSync(process.execPath, command, { stdio: "inherit" });
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
