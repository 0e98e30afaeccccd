/** Checks format, rules and types in parallel, and shows the output of each when it ends. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "../../local/toolchain/paths";
import { exitCode, runApart } from "./apart";
import { withPackages } from "./environment";

/** A folder of its own for each set of packages: eslint notices other versions of itself and of plugins, but not of all. */
const packages = createHash("sha256").update(readFileSync(join(checkout, "package-lock.json")));
const eslintCache = `node_modules/.cache/eslint/${packages.digest("hex").slice(0, 12)}/`;

const checks = [
  ["tsc", "-p", "."],
  // The rules look at one file at a time, without types, so the result for an unchanged file holds.
  ["eslint", "--cache", "--cache-strategy", "content", "--cache-location", eslintCache, "."],
  ["prettier", "--check", "--cache", "--cache-strategy", "content", "."],
];

void runApart(
  [
    {
      commands: checks.map((command) => ({ name: command[0] ?? "", command })),
      max: checks.length,
    },
  ],
  checks.length,
  { cwd: checkout, env: withPackages() },
).then((results) => (process.exitCode = exitCode(results)));
