import assert from "node:assert/strict";
import { pluginList, plugins, requiredPlugins } from "../../../versions/jenkins-plugins";

describe("the table of plugins", () => {
  it("names a version of each, by line and sorted", () => {
    const lines = pluginList().trimEnd().split("\n");
    assert.deepEqual(lines, [...lines].sort());
    const rows = [...Object.keys(plugins), ...Object.keys(requiredPlugins)];
    assert.equal(lines.length, rows.length);
    assert.equal(new Set(rows).size, rows.length, "a plugin has two rows");
    for (const line of lines) assert.match(line, /^[A-Za-z0-9-]+:[0-9][\w.-]*$/);
  });

  it("has a row for the plugins that sandbox scripts and store credentials", () => {
    for (const name of ["script-security", "credentials", "workflow-cps", "git-client"]) {
      assert.ok(name in requiredPlugins, `${name} would be as old as any plugin allows`);
    }
  });

  it("has every plugin that the settings and pipelines are written for", () => {
    for (const name of [
      ...["configuration-as-code", "job-dsl", "kubernetes", "role-strategy", "oic-auth"],
      ...["prometheus", "thinBackup", "workflow-aggregator", "git", "lockable-resources"],
    ]) {
      assert.ok(name in plugins, name);
    }
  });
});
