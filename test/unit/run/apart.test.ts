import assert from "node:assert/strict";
import { runApart, type NamedCommand } from "../../run/apart";

const surroundings = { cwd: process.cwd(), env: process.env };

describe("commands that run apart", () => {
  async function run(scripts: string[], most: number) {
    const shown: string[] = [];
    const commands = scripts.map((name): NamedCommand => ({ name, command: ["sh", "-c", name] }));
    const code = await runApart(commands, most, surroundings, (text) => shown.push(text));
    return { code, shown };
  }

  it("show their output as a whole, and all run even if one fails", async () => {
    const { code, shown } = await run(["echo a; echo b >&2", "echo c; exit 3", "echo d"], 1);
    assert.equal(code, 3);
    assert.deepEqual(
      shown.filter((text) => !text.endsWith(" starts.\n")),
      ["\necho a; echo b >&2:\na\nb\n", "\necho c; exit 3 ended with 3:\nc\n", "\necho d:\nd\n"],
    );
  });

  it("run at the same time, but not more of them than allowed", async () => {
    const { code, shown } = await run(["sleep 2", "sleep 0.2", "true"], 2);
    assert.equal(code, 0);
    const order = shown.map((text) => text.trim());
    assert.deepEqual(order, [
      ...["sleep 2 starts.", "sleep 0.2 starts.", "sleep 0.2:"],
      ...["true starts.", "true:", "sleep 2:"],
    ]);
  });

  it("have failed if a signal ended one of them", async () => {
    assert.equal((await run(["kill -9 $$"], 1)).code, 1);
  });

  it("fail if their command cannot be started", async () => {
    await assert.rejects(
      runApart([{ name: "a", command: ["no-such-command", "a"] }], 1, surroundings, () => {}),
      /ENOENT/,
    );
  });
});
