import assert from "node:assert/strict";
import { verbs } from "../../../cli/verbs";
import { helpOf, runHere } from "../../support/commands";

/** Commands that only tell something, by their verb. Each prints JSON for other programs. */
const reading: Record<string, string[]> = {
  release: ["status", "history", "check", "checks", "group status"],
  stacks: ["list", "preview", "up", "query"],
  config: ["explain"],
  policy: [""],
  doctor: [""],
};

describe("JSON of the commands", () => {
  it("is an option of every command that only shows something", () => {
    for (const [verb, commands] of Object.entries(reading)) {
      assert.ok(Object.hasOwn(verbs, verb), verb);
      for (const command of commands) {
        const words = command === "" ? [] : command.split(" ");
        assert.match(helpOf(verb, ...words), /^ {2}--json +prints /m, `${verb} ${command}`);
      }
    }
  });

  it("lists the stacks of the project with their apps", async () => {
    const { code, stdout } = await runHere("stacks", "list", "--json");
    assert.equal(code, 0);
    const stacks = JSON.parse(stdout) as { stack: string; environment: string; apps: string[] }[];
    const dev = stacks.find(({ stack }) => stack === "dev");
    assert.equal(dev?.environment, "dev");
    assert.ok(dev.apps.includes("shop"));
  });

  it("explains a key with the keys below it", async () => {
    const { code, stdout } = await runHere("config", "explain", "components.gateway", "--json");
    assert.equal(code, 0);
    const { key, keys } = JSON.parse(stdout) as { key: string; keys: { key: string }[] };
    assert.equal(key, "platform:components.gateway");
    assert.ok(keys.some((each) => each.key === "replicas"));
  });
});
