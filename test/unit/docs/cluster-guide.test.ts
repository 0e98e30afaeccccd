import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { moveLostData, restoreMember, stopControlPlane } from "../../support/cluster-plan";

describe("the guide to a cluster", () => {
  const text = readFileSync("docs/guides/cluster.md", "utf8");

  it("has the steps of a restore that the tests of planned machines run", () => {
    const members = {
      "control-1": "10.20.0.21",
      "control-2": "10.20.0.22",
      "control-3": "10.20.0.23",
    };
    assert.ok(text.includes(`\`\`\`sh\n${stopControlPlane}\`\`\``), stopControlPlane);
    const restore = moveLostData + restoreMember("control-1", members);
    assert.ok(text.includes(`\`\`\`sh\n${restore}\`\`\``), restore);
  });

  it("names every command of a machine's script", () => {
    const script = readFileSync("provision/scripts/machine.sh", "utf8");
    const commands = [...script.matchAll(/^# {3}sh machine\.sh (--check|[a-z]+)/gm)];
    assert.ok(commands.length >= 6);
    for (const [, command = ""] of commands)
      assert.ok(text.includes(`machine.sh ${command}`), command);
  });
});
