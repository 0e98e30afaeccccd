import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { localEnvironment } from "../../../local/commands/environment";
import { ensureEngineHome } from "../../../local/toolchain/engine-home";

describe("the engine's folder for tests", () => {
  const folder = mkdtempSync(join(tmpdir(), "engine-home-"));
  after(() => rmSync(folder, { recursive: true }));

  it("has no folder for the debug log, and has the user's plugins", () => {
    const installed = join(folder, "plugins");
    for (const home of [ensureEngineHome(installed, join(folder, "home")), join(folder, "home")]) {
      assert.ok(statSync(join(home, "logs")).isFile());
      assert.equal(realpathSync(join(home, "plugins")), realpathSync(installed));
    }
    writeFileSync(join(installed, "one"), "1");
    assert.equal(ensureEngineHome(installed, join(folder, "home")), join(folder, "home"));
    assert.equal(readFileSync(join(folder, "home", "plugins", "one"), "utf8"), "1");
  });

  it("is only for tests: users keep the log, which the engine's authors ask for", () => {
    assert.match(localEnvironment({ purpose: "test" })["PULUMI_HOME"] ?? "", /engine$/);
    assert.equal(localEnvironment()["PULUMI_HOME"], undefined);
  });
});
