import assert from "node:assert/strict";
import fs, { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { mock } from "node:test";
import { stringify } from "yaml";
import { otherApps } from "../../../program/other-apps";

const online = "organization/platform/online";
const words = new Set(["www.platform.test"]);

describe("the search for apps of other stacks", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "other-apps-"));
    write("online", undefined);
    write("shop", online);
    write("gray", undefined);
    write("gray-shop", "organization/platform/gray");
  });
  after(() => rmSync(folder, { recursive: true }));
  afterEach(() => mock.restoreAll());

  /** Writes the file of a stack with an app that has a host of the searched words. */
  function write(name: string, platformStack: string | undefined): void {
    const config = {
      ...(platformStack !== undefined && { "platform:platformStack": platformStack }),
      "platform:apps": { [`app-of-${name}`]: { domain: "www.platform.test" } },
    };
    writeFileSync(join(folder, `Pulumi.${name}.yaml`), stringify({ config }));
  }

  /** Returns the stacks in which a stack finds an app, and those whose files it parses for it. */
  function search(name: string, platformStack?: string, searched?: ReadonlySet<string>) {
    const read: string[] = [];
    const original = fs.readFileSync;
    mock.method(fs, "readFileSync", ((...args: Parameters<typeof original>) => {
      read.push(basename(String(args[0])).replace(/^Pulumi\.|\.yaml$/g, ""));
      return original(...args);
    }) as typeof original);
    const found = otherApps({ name, platformStack, folder, words: searched });
    mock.restoreAll();
    // The text of each file is read once, and a file that is parsed is read again.
    const parsed = read.filter((stack, index) => read.indexOf(stack) < index);
    return { found: found.map(({ stack }) => stack), parsed };
  }

  for (const [text, searched] of [
    ["of some words", words],
    ["of all apps", undefined],
  ] as const) {
    it(`parses only files that may belong to the same platform: from an app stack, ${text}`, () => {
      // A stack that has not been written yet.
      assert.deepEqual(search("news", online, searched), {
        found: ["online", "shop"],
        parsed: ["online", "shop"],
      });
    });
  }

  it("parses only files that name the stack, from a platform stack", () => {
    const { found, parsed } = search("online", undefined, words);
    assert.deepEqual(found, ["shop"]);
    assert.deepEqual(parsed, ["shop"]);
  });

  it("parses no file without the words", () => {
    assert.deepEqual(search("news", online, new Set(["other.platform.test"])), {
      found: [],
      parsed: [],
    });
  });

  it("ignores the name in a comment or another key", () => {
    const file = join(folder, "Pulumi.talks.yaml");
    writeFileSync(
      file,
      `config:\n  # was an app stack of ${online}\n  platform:platformStack: organization/platform/gray\n  platform:apps:\n    talks: { domain: www.platform.test }\n`,
    );
    try {
      assert.deepEqual(search("news", online, words), {
        found: ["online", "shop"],
        parsed: ["online", "shop", "talks"],
      });
    } finally {
      rmSync(file);
    }
  });
});
