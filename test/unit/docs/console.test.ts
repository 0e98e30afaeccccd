import assert from "node:assert/strict";
import { comparable, consoleOf, withOutputs } from "../../support/guide";

describe("the console blocks of a page", () => {
  it("are its commands with their output, continued lines and exit codes", () => {
    const page = [
      "Text with `$ no command`.",
      "    $ indented, which is no block",
      "```console",
      "$ one --flag \\",
      "    two",
      "first line",
      "",
      "second line",
      "$ silent",
      "```",
      "```yaml",
      "$ not: this",
      "```",
      "```console",
      "$ fails",
      "why",
      "(exit 3)",
      "```",
    ].join("\n");
    const shown = consoleOf(page).map(({ command, output, code }) => ({ command, output, code }));
    assert.deepEqual(shown, [
      { command: "one --flag two", output: "first line\n\nsecond line\n", code: 0 },
      { command: "silent", output: "", code: 0 },
      { command: "fails", output: "why\n", code: 3 },
    ]);
    assert.equal(withOutputs(page, shown), page);
    const other = withOutputs(page, [
      { output: "", code: 1 },
      { output: "no longer\n", code: 0 },
      { output: "ok\n\n", code: 0 },
    ]);
    assert.equal(
      other,
      page
        .replace("first line\n\nsecond line\n", "(exit 1)\n")
        .replace("$ silent\n", "$ silent\nno longer\n")
        .replace("why\n(exit 3)\n", "ok\n"),
    );
  });

  it("are compared without times, ids, wraps and the order of parallel stacks", () => {
    assert.equal(
      comparable("at 2026-11-27T10:00:00.000Z for 2 d 3 h, 3f2c1a9d0e\n   took 3.2 s"),
      comparable("at 2026-11-28T11:30:00Z for\n45 min, 4f53cda18c took 12 s"),
    );
    assert.equal(comparable("[1/2] a\n[2/2] b\nend"), comparable("[1/2] b\n[2/2] a\nend"));
    for (const [one, other] of [
      ["1.5.0 is the canary", "1.4.2 is the canary"],
      ["[1/2] a", "[1/3] a"],
      ["at 5%", "at 10%"],
      ["stable 1.0.0 s", "stable 1.0.1 s"],
    ] as const) {
      assert.notEqual(comparable(one), comparable(other));
    }
  });
});
