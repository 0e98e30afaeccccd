import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** The files with the commands of all CI systems. */
const files = [
  ...[".github/workflows", ".ci", "ci"].flatMap((folder) =>
    readdirSync(folder, { encoding: "utf8", recursive: true }).map((name) => join(folder, name)),
  ),
  ...[".gitlab-ci.yml", "Jenkinsfile"],
].filter((file) => statSync(file).isFile());

/** What a shell with `-e` stops at if it fails: an assignment of only a command's output. */
const assignment = /(?<=^|\|\| )[A-Za-z_]\w*=\$\(/;
/** Takes a path apart and cannot fail. */
const path = /\$\(dirname /g;

/** Returns the lines that use a command's output in another command, which runs even if the first one failed. */
function unchecked(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.replace(assignment, "").replace(path, "").includes("$("));
}

describe("the commands of pipelines", () => {
  for (const file of files) {
    it(`fail if a command fails whose output they use: ${file}`, () => {
      assert.deepEqual(unchecked(readFileSync(file, "utf8")), []);
    });
  }

  it("are found in several files that use a command's output", () => {
    const using = files.filter((file) => readFileSync(file, "utf8").includes("$("));
    assert.ok(using.length >= 5, using.join());
  });

  it("would not pass with a command within another", () => {
    const lines = [
      'echo "chunks=$(npx list)" >> out',
      'test "$(a)" = "$(b)"',
      "npx up $(cat hash)",
    ];
    assert.deepEqual(unchecked(lines.join("\n")), lines);
  });
});
