import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "../../../local/toolchain/paths";

/** Commands that show a password to everyone who lists processes, or send it to an unverified server. */
const exposed = [
  /(--user|-u)[ =]["']?[\w.-]+:/,
  /--password[ =](?!-)\S/,
  /\bcurl\b.*\s(--insecure|-k)\b/,
];

const pages = [
  "README.md",
  ...readdirSync(join(checkout, "docs"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => join("docs", file)),
];

describe("commands in the documentation", () => {
  it("put no password on a command line, and check certificates", () => {
    const lines = pages.flatMap((page) =>
      readFileSync(join(checkout, page), "utf8")
        .split("\n")
        .filter((line) => exposed.some((pattern) => pattern.test(line)))
        .map((line) => `${page}: ${line.trim()}`),
    );
    assert.deepEqual(lines, []);
  });

  it("apply only an approved plan: `npx platform up` of a stack needs its hash", () => {
    const calls = pages.flatMap((page) =>
      [...readFileSync(join(checkout, page), "utf8").matchAll(/npx platform up [\w<][^`\n]*/g)].map(
        ([call]) => `${page}: ${call}`,
      ),
    );
    assert.ok(calls.length > 3);
    assert.deepEqual(
      calls.filter((call) => !call.includes("--plan-hash ")),
      [],
    );
  });

  it("set plain keys with `npx platform config set`, because Pulumi rewrites the whole file", () => {
    const files = readdirSync(checkout).filter((name) => /^Pulumi\..+\.yaml$/.test(name));
    const calls = [...pages, ...files].flatMap((file) =>
      // With an argument; without one, it is only named.
      [...readFileSync(join(checkout, file), "utf8").matchAll(/pulumi config set [^`\n]+/g)].map(
        ([call]) => `${file}: ${call}`,
      ),
    );
    assert.ok(calls.length > 3);
    assert.deepEqual(
      calls.filter((call) => !call.includes("--secret ")),
      [],
    );
  });
});
