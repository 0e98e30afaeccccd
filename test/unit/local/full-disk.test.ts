import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { build } from "../../../local/toolchain/build";
import { tools } from "../../../local/toolchain/tools";
import { standIn } from "../../support/shell";

describe("a tool whose build fails", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "failing-build-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Builds etcd with a Go that prints a message and fails. */
  function buildWith(message: string): Promise<void> {
    const tool = tools.find(({ name }) => name === "etcd");
    assert.ok(tool);
    standIn(
      join(folder, "go"),
      `[ "$1" = env ] && echo go1.99.0 && exit; echo "${message}" >&2; exit 1`,
    );
    const PATH = [folder, process.env.PATH].join(delimiter);
    return build(tool, join(folder, "built"), { ...process.env, PATH });
  }

  it("says how much space it needs, and where, if the disk is full", async () => {
    await assert.rejects(
      buildWith("write x.zip: no space left on device"),
      /No space is left on the disk to build etcd 3.*25 GB.*go env GOCACHE GOMODCACHE.*continues with etcd/s,
    );
  });

  it("shows what Go says otherwise", async () => {
    await assert.rejects(buildWith("undefined: main"), /go ended with code 1:\n.*undefined: main/s);
  });
});
