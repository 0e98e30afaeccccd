import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "../../../local/toolchain/paths";
import { commandsIn, problemOf } from "../../support/written-commands";

describe("a command that a page or a message tells people to run", () => {
  const folders = ["bench", "cli", "components", "config", "docs", "engine", "local", "policy"];
  const files = [...folders, "program", "releases"].flatMap((folder) =>
    readdirSync(join(checkout, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.(md|ts)$/.test(name))
      .map((name) => join(folder, name)),
  );

  it("has the options and arguments that its verb needs, and no others", () => {
    const commands = [...files, "README.md", "CONTRIBUTING.md"].flatMap(commandsIn);
    assert.ok(commands.length > 300, String(commands.length));
    const problems = commands.flatMap(({ place, words }) => {
      const problem = problemOf(words);
      return problem === undefined ? [] : [`${place}: ${problem}`];
    });
    assert.deepEqual(problems, []);
  });

  it("is found wherever it is incomplete", () => {
    for (const [line, problem] of [
      ["release check shop", "it has no --stack"],
      ["release check --stack prod", "it has no <app>"],
      ["release check shop --stack", "--stack has no value"],
      ["preview prod --quick", "there is no option --quick"],
      ["preview --stack prod", undefined],
      ["release check", undefined],
    ] as const) {
      assert.equal(problemOf(line.split(" ")), problem, line);
    }
  });
});
