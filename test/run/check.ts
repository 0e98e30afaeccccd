/** Checks format, rules and types side by side, and shows the output of each when it ends. */
import { checkout } from "../../local/toolchain/paths";
import { runApart } from "./apart";
import { withPackages } from "./environment";

const checks = [
  ["tsc", "-p", "."],
  ["eslint", "."],
  ["prettier", "--check", "--cache", "--cache-strategy", "content", "."],
];

void runApart(
  checks.map((command) => ({ name: command[0] ?? "", command })),
  checks.length,
  { cwd: checkout, env: withPackages() },
).then((code) => (process.exitCode = code));
