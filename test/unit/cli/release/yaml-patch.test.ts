import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isMap, parseDocument, type Document } from "yaml";
import { StackFile } from "../../../../cli/release/stack-file";
import { YamlFile } from "../../../../cli/release/yaml-file";

const root = join(__dirname, "../../../..");

/** Forms that the YAML library writes in another way. */
const forms = `# head
config:
    platform:aligned: 1   # one

    # about blocks
    platform:blocks:
    - x
    -   w: 1
        z: 2  # zed

    - - 1
      - 2
    platform:flow: {a: 1,
        b: [1,2,
          3], # three
        d: "x, y",
        }
    platform:folded: >-
      folded text
      more

      last

    platform:kept: |+
      kept

    platform:inner:
      # about only
      only: 1
      # after only
    platform:lines: two
      lines
    platform:nothing: # none
    "platform:quoted": 1
    platform:anchor: &x { a: 1 }
    platform:alias: *x
    platform:merge:
      <<: *x
      b: 2
# end
`;

describe("an edit of a YAML file in place", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "yaml-patch-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const stackFiles = readdirSync(root).filter((name) => /^Pulumi\..+\.yaml$/.test(name));
  for (const name of stackFiles) {
    const text = readFileSync(join(root, name), "utf8");
    for (const app of appsIn(parseDocument(text))) {
      it(`of ${app} in ${name} leaves every line of the others as it is`, () => {
        const path = join(folder, "Pulumi.copy.yaml");
        writeFileSync(path, text);
        const place = ["config", "platform:apps", app];
        const others = linesWithout(text, app);
        const edits: ((file: YamlFile) => void)[] = [
          ({ document }) => document.deleteIn([...place, "image"]),
          ({ document }) => document.setIn([...place, "image"], document.createNode({ a: 1 })),
          ({ document }) => document.setIn([...place, "added"], document.createNode([1, { b: 2 }])),
          (file) => file.setScalar([...place, "stable", "version"], "1.10"),
        ];
        for (const edit of edits) {
          const file = new YamlFile(path);
          edit(file);
          assert.ok(file.isEdited());
          assert.deepEqual(linesWithout(file.text(), app), others);
        }
        const stack = new StackFile("copy", folder);
        stack.setCanary(app, { version: "9.0.0", revision: 1 }, 5);
        assert.deepEqual(linesWithout(stack.text(app), app), others);
        stack.setStable(app, { version: "9.0.0", revision: 1 });
        assert.deepEqual(linesWithout(stack.text(app), app), others);
      });
    }
  }

  for (const [ends, text] of [
    ["\\n", forms],
    ["\\r\\n", forms.replaceAll("\n", "\r\n")],
  ] as const) {
    it(`keeps the forms of the other keys of a file whose lines end in ${ends}`, () => {
      const path = join(folder, "forms.yaml");
      writeFileSync(path, text);
      for (const key of Object.keys(blocksOf(text))) {
        const others = { ...blocksOf(text), [key]: "" };
        const place = ["config", key];
        const edits: Record<string, (file: YamlFile) => void> = {
          text: (file) => file.setScalar(place, "other text"),
          mapping: ({ document }) => document.setIn(place, document.createNode({ a: { b: 1 } })),
          nothing: ({ document }) => document.deleteIn(place),
        };
        for (const [what, edit] of Object.entries(edits)) {
          const file = new YamlFile(path);
          edit(file);
          // Other keys repeat the anchor.
          if (key === "platform:anchor") assert.throws(() => file.text(), /Unresolved alias/);
          else {
            assert.deepEqual({ ...blocksOf(file.text()), [key]: "" }, others, `${key}: ${what}`);
            const hasOtherEnd = ends === "\\n" ? /\r/ : /(?<!\r)\n/;
            assert.doesNotMatch(file.text(), hasOtherEnd);
          }
        }
      }
    });
  }

  for (const [what, before, edit, after] of [
    [
      "adds a pair to a mapping in braces",
      "a: {\n  x: 1, # one\n  w: {z: 2},\n}\n",
      ({ document }) => document.setIn(["a", "new"], document.createNode({ v: 1 })),
      "a: {\n  x: 1, # one\n  w: {z: 2}, new: {v: 1},\n}\n",
    ],
    [
      "removes the first pairs of a mapping in braces",
      "a: {x: 1, w: 2,   z: 3} # end\n",
      ({ document }) => [document.deleteIn(["a", "x"]), document.deleteIn(["a", "w"])],
      "a: {z: 3} # end\n",
    ],
    [
      "removes an item of a list with its comment",
      "a:\n- 1 # one\n# two\n- 2\n-   3\n",
      ({ document }) => document.deleteIn(["a", 1]),
      "a:\n- 1 # one\n-   3\n",
    ],
    [
      "adds an item to a list",
      "a:\n-   1 # one\n# end\nb: 2\n",
      ({ document }) => document.addIn(["a"], { c: 3, d: 4 }),
      "a:\n-   1 # one\n- c: 3\n  d: 4\n# end\nb: 2\n",
    ],
    [
      "removes a key with its comments, and one of two blank lines",
      "a: 1\n\n# b\nb:\n  c: 1\n  # c\n\nd: 1\n",
      ({ document }) => document.deleteIn(["b"]),
      "a: 1\n\nd: 1\n",
    ],
    [
      "adds to a file without a line end",
      "a:\n  b: 1",
      ({ document }) => document.setIn(["a", "c"], "x\ny\n"),
      "a:\n  b: 1\n  c: |\n    x\n    y\n",
    ],
  ] as const satisfies [string, string, (file: YamlFile) => unknown, string][]) {
    it(what, () => {
      const path = join(folder, "file.yaml");
      writeFileSync(path, before);
      const file = new YamlFile(path);
      edit(file);
      assert.equal(file.text(), after);
    });
  }
});

/** Returns the text of each key of `forms`, with the comments above it and without the blank lines below it. */
function blocksOf(text: string): Record<string, string> {
  const written = text.replaceAll("\r\n", "\n").replace("# end\n", "");
  const blocks = written.split(/^(?= {4}#)|(?<!^ {4}#.*\n)^(?= {4}["p])/m).slice(1);
  return Object.fromEntries(
    blocks.map((block) => [/platform:\w+/.exec(block)?.[0] ?? "", block.trimEnd()]),
  );
}

function appsIn(document: Document): string[] {
  const apps: unknown = document.getIn(["config", "platform:apps"]);
  return isMap(apps) ? apps.items.map(({ key }) => String(key)) : [];
}

/** Returns the lines of a stack file without those of one app. */
function linesWithout(text: string, app: string): string[] {
  const lines = text.split("\n");
  const start = lines.findIndex((line) => line === `    ${app}:`);
  const length = lines.slice(start + 1).findIndex((line) => !/^ {5}/.test(line));
  assert.ok(start > 0 && length > 0);
  return [...lines.slice(0, start), ...lines.slice(start + 1 + length)];
}
