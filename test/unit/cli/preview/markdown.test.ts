import assert from "node:assert/strict";
import fc from "fast-check";
import { block, code, shorten, firstLines, oneLine, words } from "../../../../cli/preview/markdown";

/** Texts that contain, among others, characters that break Markdown. */
const nasty = fc.oneof(
  fc.string({ unit: "binary", maxLength: 200 }),
  fc
    .array(
      fc.constantFrom(
        ..."`|<>@/\\*_#~\n\r\t ab",
        "```",
        "<!-- ",
        "-->",
        "/close",
        "@all",
        "\u202e",
        "\u200b",
        "\ud800",
        "💥",
      ),
      { maxLength: 60 },
    )
    .map((parts) => parts.join("")),
);

describe("inline code", () => {
  it("is one span on one line, whatever the value", () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const span = code(text);
        const [open = ""] = /^`+/.exec(span) ?? [];
        const inner = span.slice(open.length, -open.length);
        assert.ok(open.length > 0 && span.endsWith(open) && inner.length > 0);
        // As many backticks as in the opening sequence would end the span.
        const runs = inner.match(/`+/g) ?? [];
        assert.ok(runs.every((run) => run.length !== open.length));
        assert.ok(!inner.startsWith("`") && !inner.endsWith("`"));
        assert.ok(!inner.includes("<!--"));
        assert.doesNotMatch(span, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }),
    );
  });

  it("cannot merge with its neighbors", () => {
    fc.assert(
      fc.property(nasty, nasty, (one, other) => {
        assert.equal(words`a ${one} b ${other} c`, `a ${code(one)} b ${code(other)} c`);
      }),
    );
  });

  for (const [text, span] of [
    ["plain", "`plain`"],
    ["a`b", "``a`b``"],
    ["`", "`` ` ``"],
    ["", '`""`'],
    ["a\nb", "`a\\nb`"],
    ["x|y", "`x|y`"],
    ["\u202egnp", "`\\u202egnp`"],
    ["a".repeat(400), `\`${"a".repeat(299)}…\``],
  ] as const) {
    it(`of ${JSON.stringify(text.slice(0, 20))} is ${span.slice(0, 20)}`, () => {
      assert.equal(code(text), span);
    });
  }
});

describe("a block", () => {
  it("ends only at its end, and runs no quick action, whatever its content", () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const lines = block(text, "sh").split("\n");
        const inner = lines.slice(1, -1);
        assert.deepEqual([lines[0], lines.at(-1)], ["```sh", "```"]);
        assert.ok(inner.every((line) => !line.includes("```") && !line.startsWith("/")));
        assert.ok(inner.every((line) => !line.includes("<!--")));
        assert.doesNotMatch(inner.join(""), /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }),
    );
  });

  it("keeps lines and ordinary characters", () => {
    assert.equal(block("a: `b` | <c>\r\n  d @e"), "```\na: `b` | <c>\n  d @e\n```");
  });
});

describe("cut texts", () => {
  it("are never longer than requested, and contain no half character", () => {
    fc.assert(
      fc.property(nasty, fc.integer({ min: 1, max: 50 }), (text, most) => {
        const short = shorten(text, most);
        assert.ok(short.length <= most);
        assert.doesNotMatch(oneLine(short), /\p{Cs}/u);
      }),
    );
  });

  it("say how many lines are missing", () => {
    assert.deepEqual(firstLines(["aa", "bb", "cc"], 6), ["aa", "bb", "… and 1 more"]);
    assert.deepEqual(firstLines(["aa", "bb"], 6), ["aa", "bb"]);
  });
});
