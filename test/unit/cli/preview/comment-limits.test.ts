import assert from "node:assert/strict";
import fc from "fast-check";
import { commentOf, lengthLimit, marker } from "../../../../cli/preview/comment";
import { reportJson, reportOf } from "../../../../cli/preview/report";
import { readEvents } from "../../../../cli/preview/events";
import {
  change,
  ending,
  message,
  named,
  opening,
  provenance,
  report,
  reportWith,
  traffic,
  type Change,
} from "./support";
import { parts } from "./comment";

describe("a long comment", () => {
  const many = (count: number, size: number): Change[] =>
    Array.from({ length: count }, (_, at) => ({
      name: `web-${at}`,
      before: { ...named(`web-${at}`), spec: { [`field${at}`]: "x".repeat(size) } },
      after: { ...named(`web-${at}`), spec: { [`field${at}`]: "y".repeat(size) } },
    }));

  it("loses the end of its changes first, and says how much", () => {
    const deletion: Change = { op: "delete", name: "z", before: named("z") };
    const comment = commentOf(reportWith(...many(400, 300), deletion));
    assert.ok(comment.length < lengthLimit);
    assert.ok(comment.length > lengthLimit * 0.9, "room is left unused");
    const { Changes = "", Dangers } = parts(comment);
    assert.match(Changes, /\n\d+ more changes left out, .* `pulumi preview --stack prod --diff`$/);
    assert.equal(Dangers, "- Deleted: of `App shop`, `Deployment z`.");
    assert.match(comment, /--plan-hash [0-9a-f]{64}/);
    assert.match(comment, /### Provenance/);
  });

  it("does not grow because of one enormous value", () => {
    assert.ok(commentOf(reportWith(...many(1, 1_000_000))).length < 5000);
  });

  it("is within limits, complete and marked, whatever its content", () => {
    const word = fc.oneof(
      fc.string({ unit: "binary", maxLength: 400 }),
      fc.constantFrom("```\n/close\n", "`".repeat(500), "@all <!-- -->", "|\n|-|\n", "\n\n# x"),
    );
    const one = fc.record({
      op: fc.constantFrom("create", "update", "replace", "delete"),
      name: word,
      kind: word,
      before: word,
      after: word,
    });
    fc.assert(
      fc.property(
        fc.array(one, { maxLength: 60 }),
        fc.array(word, { maxLength: 20 }),
        fc.integer({ min: 1, max: 60 }),
        (changes, texts, times) => {
          const preview = readEvents([
            ...opening(),
            ...changes.flatMap(({ op, name, kind, before, after }, at) =>
              change({
                op,
                name: `${name}${at}`,
                type: `kubernetes:v1:${kind}`,
                before: { ...named(name, name), data: before.repeat(times) },
                after: { ...named(name, name), data: after.repeat(times), [before]: after },
                keys: texts,
              }),
            ),
            ...texts.map((text) => message("error", text.repeat(times))),
            ...texts.map((text) => message("warning", text.repeat(times))),
            ...ending(),
          ]);
          const apps = texts.map((text) =>
            traffic({ app: text, table: text.repeat(times), sentences: texts, undo: texts }),
          );
          const told = reportOf("prod", preview, apps, [], { ...provenance, commit: texts.join() });
          const comment = commentOf(told);
          assert.ok(comment.length < lengthLimit, `${comment.length} characters`);
          assert.match(comment, /^\*\*(Stopped|Caution|Nothing|No object)/);
          assert.ok(comment.endsWith(`${marker("prod")}\n`));
          const own = /<details><summary>\d+ apps?, unchanged<\/summary>|<\/details>/g;
          const rest = prose(comment).replace(marker("prod"), "").replaceAll(own, "");
          assert.doesNotMatch(rest, /[@<|/]|^#(?!## [A-Z])/m);
        },
      ),
      { numRuns: 60 },
    );

    /** Returns the text outside code blocks and code spans. */
    function prose(comment: string): string {
      return comment
        .replaceAll(/^```(sh|diff)?\n[^]*?\n```$/gm, "")
        .replaceAll(/(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)/g, "");
    }
  });
});

describe("secrets", () => {
  const planted = 'Tr0ub4dor&3 "quoted"\nsecond-line-of-it';
  const encoded = Buffer.from(planted).toString("base64");
  const leaks = [planted, encoded, "Tr0ub4dor", "second-line-of-it"];

  const events = [
    ...opening(),
    ...change({
      type: "kubernetes:core/v1:Secret",
      name: "login",
      before: { ...named("login"), stringData: { password: planted, other: "kept-as-it-is" } },
      after: { ...named("login"), stringData: { password: `${planted}!`, other: "kept-as-it-is" } },
    }),
    ...change({
      type: "kubernetes:core/v1:Secret",
      op: "create",
      name: "encoded",
      after: { ...named("encoded"), data: { password: encoded } },
    }),
    ...change({
      name: "leaky",
      before: { ...named("leaky"), env: [{ name: "A", value: "x" }] },
      after: { ...named("leaky"), env: [{ name: "A", value: `-p${planted}` }], [planted]: encoded },
    }),
    message("warning", `could not log in with ${planted}`),
  ];

  for (const [how, end] of [
    ["of a preview", ending()],
    ["of a failure", [message("error", `bad: ${encoded}`), ...ending("failed")]],
  ] as const) {
    it(`are in neither comment nor report nor plan ${how}`, () => {
      const told = report(
        [...events, ...end],
        [traffic({ sentences: [`uses ${planted}`], table: encoded })],
      );
      for (const text of [commentOf(told), reportJson(told), JSON.stringify(told.plan ?? "")]) {
        for (const leak of leaks) assert.ok(!text.includes(leak), leak);
      }
    });
  }

  it("are still shown as changed", () => {
    const comment = commentOf(report([...events, ...ending()]));
    assert.match(comment, /data\.password: \(secret\) → \(secret\)/);
    assert.doesNotMatch(comment, /data\.other/);
  });
});
