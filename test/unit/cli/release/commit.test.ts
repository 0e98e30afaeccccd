import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assertCommitted, commit } from "../../../../cli/release/commit";
import { bundleLoader, checkout } from "../../../../local/toolchain/paths";

describe("the option --commit", () => {
  const former = process.cwd();
  let folder: string;
  const git = (...args: string[]) => execFileSync("git", args, { cwd: folder, encoding: "utf8" });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "commit-"));
    mkdirSync(join(folder, "prod"));
    for (const app of ["shop", "stock"]) writeFileSync(join(folder, `prod/${app}.yaml`), "a: 1\n");
    symlinkSync("prod/shop.yaml", join(folder, "shop.yaml"));
    git("init", "--quiet");
    git("config", "user.name", "test");
    git("config", "user.email", "test@platform.test");
    git("add", ".");
    git("commit", "--quiet", "--message", "first");
    process.chdir(folder);
  });
  afterEach(() => {
    process.chdir(former);
    rmSync(folder, { recursive: true });
  });

  it("refuses files with other changes, and files that Git does not know", () => {
    assertCommitted(["prod/shop.yaml", "prod/stock.yaml"]);
    const refusal =
      /--commit: expected files without other changes, got prod\/shop\.yaml; commit or stash your changes of prod\/shop\.yaml first/;
    writeFileSync("prod/shop.yaml", "a: 2\n");
    assertCommitted(["prod/stock.yaml"]);
    assert.throws(() => assertCommitted(["prod/shop.yaml", "prod/stock.yaml"]), refusal);
    assert.throws(() => assertCommitted(["shop.yaml"]), refusal);
    git("add", ".");
    assert.throws(() => assertCommitted(["prod/shop.yaml"]), refusal);
    writeFileSync("prod/new.yaml", "a: 1\n");
    assert.throws(() => assertCommitted(["prod/new.yaml"]), /got prod\/new\.yaml;/);
  });

  it("commits the target of a link", () => {
    writeFileSync("prod/shop.yaml", "a: 2\n");
    writeFileSync("prod/stock.yaml", "a: 2\n");
    commit(["shop.yaml"], "next");
    assert.equal(git("show", "--format=%s", "--name-only").trim(), "next\n\nprod/shop.yaml");
  });

  it("is refused before a step is taken", () => {
    const app = { team: "content", steps: { weights: [5, 100], every: "30m", timeout: "6h" } };
    const config = { "platform:environment": "dev", "platform:apps": { news: app } };
    writeFileSync("Pulumi.t.yaml", JSON.stringify({ config }));
    const command = [join(checkout, "cli", "release", "index.ts"), "advance", "--all", "--commit"];
    const { status, stderr } = spawnSync(
      process.execPath,
      [bundleLoader, ...command, "--stack", "t"],
      { encoding: "utf8" },
    );
    assert.match(stderr, /^--commit: expected files without other changes, got Pulumi\.t\.yaml;/);
    assert.equal(status, 1);
  });
});
