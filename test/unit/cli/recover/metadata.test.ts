import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deleteTruncatedMetadata } from "../../../../cli/recover/metadata";

describe("the metadata next to a state in a folder", () => {
  let folder: string;
  let stacks: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "metadata-"));
    stacks = join(folder, ".pulumi", "stacks", "platform");
    mkdirSync(stacks, { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("is deleted if it is truncated, and nothing else is", () => {
    const whole = ["dev.json", "dev.json.bak", "dev.json.bak.attrs", "prod.json.attrs"];
    for (const file of whole) writeFileSync(join(stacks, file), "{}");
    for (const file of ["dev.json.attrs", "dev.json.gz.attrs"]) {
      writeFileSync(join(stacks, file), "{");
    }
    writeFileSync(join(stacks, "test.json.attrs"), "");
    assert.deepEqual(deleteTruncatedMetadata("dev", `file://${folder}?no_tmp_dir=true`), [
      join(stacks, "dev.json.attrs"),
      join(stacks, "dev.json.gz.attrs"),
    ]);
    assert.deepEqual(readdirSync(stacks).sort(), [...whole, "test.json.attrs"].sort());
    assert.deepEqual(deleteTruncatedMetadata("dev", `file://${folder}`), []);
  });

  it("does not matter for other backends", () => {
    assert.deepEqual(deleteTruncatedMetadata("dev", "s3://bucket"), []);
    assert.deepEqual(deleteTruncatedMetadata("dev", `file://${folder}/none`), []);
  });
});
