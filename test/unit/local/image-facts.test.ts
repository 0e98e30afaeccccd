import assert from "node:assert/strict";
import { lstatSync, mkdtempSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { catalogue } from "../../../local/images/catalogue";
import type { Assembled, AssembledFacts } from "../../../local/images/facts";
import { files, shell } from "../../../local/images/layers";
import { factsAbout } from "../../../versions/image-facts";
import type { ImageName } from "../../../versions/images";

type Fact = keyof AssembledFacts;

const assembled = Object.entries(catalogue) as [ImageName, Assembled][];

describe("the facts about an assembled image", () => {
  for (const [name, { facts, otherFacts = {} }] of assembled) {
    it(`are those of the official image, or have a reason: ${name}`, () => {
      const official: Partial<AssembledFacts> = factsAbout(name) ?? {};
      const both = [...new Set([...Object.keys(official), ...Object.keys(facts)])] as Fact[];
      const others = both.filter(
        (fact) => JSON.stringify(official[fact]) !== JSON.stringify(facts[fact]),
      );
      assert.deepEqual(others.sort(), Object.keys(otherFacts).sort());
      for (const reason of Object.values(otherFacts)) assert.notEqual(reason, "");
    });
  }

  it("contain the folders of its volumes, and name the owner of each folder", () => {
    const missing = assembled.flatMap(([name, { facts }]) => {
      const { volumes, folders = [] } = facts;
      const paths = folders.map(({ path }) => path);
      return [
        ...volumes.filter((path) => !paths.includes(path)),
        ...folders.filter(({ owner }) => owner === undefined).map(({ path }) => path),
      ].map((path) => `${name}: ${path}`);
    });
    assert.deepEqual(missing, []);
  });

  it("say that it has a shell if it has", () => {
    const wrong = assembled.filter(
      ([, { facts, layers }]) =>
        layers.some(({ key }) => key === shell.key) !== (facts.shell !== undefined),
    );
    assert.deepEqual(
      wrong.map(([name]) => name),
      [],
    );
  });
});

describe("a layer of an assembled image", () => {
  it("keeps the link /bin, so that a program there does not hide /bin/sh", async () => {
    const folder = mkdtempSync(join(tmpdir(), "layer-"));
    try {
      await files({ "/bin/hello": "#!/bin/sh\n" }).make(folder);
      assert.ok(lstatSync(join(folder, "bin")).isSymbolicLink());
      assert.equal(readlinkSync(join(folder, "bin")), "usr/bin");
      assert.equal(readFileSync(join(folder, "usr/bin/hello"), "utf8"), "#!/bin/sh\n");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
