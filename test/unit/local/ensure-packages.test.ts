import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

interface Package {
  version: string;
  optional?: boolean;
}

/** A project folder with a lock file, and a stub of npm that notes that it was called. */
describe("the packages of a checkout", () => {
  const locked: Record<string, Package> = {
    "node_modules/a": { version: "1.0.0" },
    "node_modules/for-another-system": { version: "2.0.0", optional: true },
  };
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "packages-"));
    mkdirSync(join(folder, "bin"));
    mkdirSync(join(folder, "node_modules"));
    writeFileSync(join(folder, "bin/npm"), '#!/bin/sh\necho "$@" > called\n', { mode: 0o755 });
    const packages = { "": { version: "0.0.0" }, ...locked };
    writeFileSync(join(folder, "package-lock.json"), JSON.stringify({ packages }));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Whether the packages are installed when these are there. */
  function installs(installed?: Record<string, Package>): boolean {
    const file = join(folder, "node_modules/.package-lock.json");
    if (installed !== undefined) {
      writeFileSync(file, JSON.stringify({ packages: installed }));
      utimesSync(file, 0, 0);
    }
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [resolve("local/commands/ensure-packages.mjs")],
      { cwd: folder, env: { PATH: `${folder}/bin:${process.env.PATH}` }, encoding: "utf8" },
    );
    assert.deepEqual([status, stdout], [0, ""], stderr);
    return existsSync(join(folder, "called"));
  }

  it("are unchanged if their versions are those of the lock file, however old they are", () => {
    assert.equal(installs({ "node_modules/a": { version: "1.0.0" } }), false);
  });

  it("are installed on a fresh clone", () => {
    assert.equal(installs(), true);
  });

  it("are installed if one has another version", () => {
    assert.equal(installs({ "node_modules/a": { version: "0.9.0" } }), true);
  });

  it("are installed if one is missing", () => {
    assert.equal(installs({}), true);
  });

  it("are installed if there is one that the lock file does not have", () => {
    const others = {
      "node_modules/a": { version: "1.0.0" },
      "node_modules/b": { version: "1.0.0" },
    };
    assert.equal(installs(others), true);
  });
});
