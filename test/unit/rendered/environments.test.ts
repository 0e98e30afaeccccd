import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import {
  differences,
  environmentsFile,
  environmentsPage,
  fullConfig,
} from "../../../cli/config/environments";
import { encryptedPlaceholder } from "../../../config/secret-text";
import { stacks } from "../../../config/stack-file";

describe("the page about differences between the stacks", () => {
  it('is up to date; "npx platform config environments" writes it again', () => {
    const page = environmentsPage(stacks(), fullConfig);
    assert.equal(readFileSync(environmentsFile, "utf8"), page);
  });

  it("lists what differs, by default or by config, and nothing else", () => {
    const page = environmentsPage(["dev", "prod"], fullConfig);
    assert.match(page, /## Part gateway\n\n\| Setting .*\n.*\n\| `replicas` +\| `1` +\| `3` /);
    assert.match(page, /\| `releases.forcedCanary` +\| `false` +\| `true` /);
    assert.doesNotMatch(page, /priority|crds\.sha256/);
  });

  const cases: [title: string, values: unknown[], found: [path: string, values: unknown[]][]][] = [
    [
      "equal values",
      [
        { a: 1, b: [1] },
        { b: [1], a: 1 },
      ],
      [],
    ],
    ["another value", [{ a: { b: 1 } }, { a: { b: 2 } }], [["a.b", [1, 2]]]],
    ["a value that one lacks", [{ a: 1 }, {}], [["a", [1, undefined]]]],
    ["a map that one lacks", [{}, { a: { b: 1 } }], [["a", [undefined, { b: 1 }]]]],
    [
      "a list, as a whole",
      [{ a: [1, 2] }, { a: [2, 1] }],
      [
        [
          "a",
          [
            [1, 2],
            [2, 1],
          ],
        ],
      ],
    ],
    ["a map instead of a value", [{ a: {} }, { a: 1 }], [["a", [{}, 1]]]],
    ["no other than own keys", [{}, { constructor: 1 }], [["constructor", [undefined, 1]]]],
    ["one of three", [{ a: 1 }, { a: 1 }, { a: 2 }], [["a", [1, 1, 2]]]],
  ];
  for (const [title, values, found] of cases) {
    it(`finds ${title}`, () => {
      assert.deepEqual(
        differences(values).map(({ path, values }) => [path.join("."), values]),
        found,
      );
    });
  }

  it("does not become outdated with a release", () => {
    const app = (version: string, weight: number) => ({
      apps: {
        shop: { stable: { version }, canary: { version, weight }, noRollbackBelow: version },
      },
      freeze: { until: version },
    });
    const configs: Record<string, Record<string, unknown>> = { a: app("1", 5), b: app("2", 10) };
    const page = environmentsPage(["a", "b"], (stack) => configs[stack] ?? {});
    assert.doesNotMatch(page, /^\|/m);
  });

  it("shows short values, the keys of long ones, and nothing of secrets", () => {
    const long = { first: "x".repeat(50), second: "y".repeat(50) };
    const configs: Record<string, Record<string, unknown>> = {
      a: { apps: { shop: { long, short: { a: 1 }, bar: "a|b", lines: "a\nb", same: 1 } } },
      b: { apps: { shop: { key: encryptedPlaceholder, text: "z".repeat(99), same: 1 } } },
    };
    const page = environmentsPage(["a", "b"], (stack) => configs[stack] ?? {});
    const rows = page.split("\n").filter((line) => /^\| `/.test(line));
    assert.deepEqual(
      rows.map((row) => row.replace(/ +/g, " ")),
      [
        "| `long` | with `first`, `second` | — |",
        '| `short` | `{"a":1}` | — |',
        "| `bar` | `a\\|b` | — |",
        '| `lines` | `"a\\nb"` | — |',
        "| `key` | — | a secret |",
        `| \`text\` | — | \`${"z".repeat(80)}…\` |`,
      ],
    );
    assert.match(page, /## App shop\n/);
  });
});
