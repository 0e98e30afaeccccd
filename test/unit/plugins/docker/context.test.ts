import assert from "node:assert/strict";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { contextDigest } from "../../../../local/plugins/resource-docker/context";

describe("contextDigest", () => {
  let root: string;
  const write = (name: string, text: string) => writeFileSync(join(root, name), text);
  const digest = () => contextDigest(root, join(root, "Dockerfile"));

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "context-"));
    mkdirSync(join(root, "src"));
    write("Dockerfile", "FROM scratch\n");
    write("src/a", "1");
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it("changes with a name, content, a link and the executable bit", async () => {
    const seen = new Set([await digest()]);
    const changes = [
      () => write("src/a", "2"),
      () => write("src/b", ""),
      () => chmodSync(join(root, "src/a"), 0o755),
      () => symlinkSync("a", join(root, "src/link")),
      () => write("Dockerfile", "FROM other\n"),
      () => rmSync(join(root, "src/b")),
    ];
    for (const change of changes) {
      change();
      seen.add(await digest());
    }
    assert.equal(seen.size, changes.length + 1);
  });

  it("does not change with times", async () => {
    const before = await digest();
    utimesSync(join(root, "src/a"), 1, 1);
    assert.equal(await digest(), before);
  });

  it("omits what .dockerignore names", async () => {
    write(".dockerignore", "log\nsrc/*\n!src/a\n");
    const before = await digest();
    mkdirSync(join(root, "log"));
    write("log/today", "x");
    write("src/b", "x");
    assert.equal(await digest(), before);
    write("src/a", "x");
    assert.notEqual(await digest(), before);
  });

  it("prefers the Dockerfile's own ignore file", async () => {
    write(".dockerignore", "");
    write("Dockerfile.dockerignore", "src\n");
    const before = await digest();
    write("src/a", "changed");
    assert.equal(await digest(), before);
  });
});
