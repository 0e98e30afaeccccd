import assert from "node:assert/strict";
import { exitCode, runApart, type Queue } from "../../run/apart";

const surroundings = { cwd: process.cwd(), env: process.env };

/** Returns a queue of shell scripts, which are also the names of their commands. */
function scripts(max: number, ...names: string[]): Queue {
  return { commands: names.map((name) => ({ name, command: ["sh", "-c", name] })), max };
}

describe("commands that run apart", () => {
  async function run(max: number, ...queues: Queue[]) {
    const shown: string[] = [];
    const results = await runApart(queues, max, surroundings, (text) => shown.push(text));
    return { code: exitCode(results), results, shown, order: shown.map((text) => text.trim()) };
  }

  it("show their output as a whole, and all run even if one fails", async () => {
    const one = scripts(1, "echo a; echo b >&2", "echo c; exit 3", "echo d");
    const { code, results, shown } = await run(1, one);
    assert.equal(code, 3);
    assert.deepEqual(
      shown.filter((text) => !text.endsWith(" starts.\n")),
      ["\necho a; echo b >&2:\na\nb\n", "\necho c; exit 3 ended with 3:\nc\n", "\necho d:\nd\n"],
    );
    assert.deepEqual(results[1], { name: "echo c; exit 3", code: 3, output: "c\n" });
  });

  it("run at the same time, but not more of them than allowed", async () => {
    const { code, order } = await run(2, scripts(2, "sleep 2", "sleep 0.2", "true"));
    assert.equal(code, 0);
    assert.deepEqual(order, [
      ...["sleep 2 starts.", "sleep 0.2 starts.", "sleep 0.2:"],
      ...["true starts.", "true:", "sleep 2:"],
    ]);
  });

  it("start by queue, and a place that one queue leaves is taken by the other up to its own number", async () => {
    const first = scripts(1, "sleep 0.6; echo 1");
    const second = scripts(2, "sleep 1; echo 2", "sleep 1.2; echo 3", "echo 4");
    const { order } = await run(2, first, second);
    assert.deepEqual(
      order.filter((text) => text.endsWith(" starts.")),
      [...first.commands, ...second.commands].map(({ name }) => `${name} starts.`),
    );
    assert.equal(order[2], "sleep 0.6; echo 1:\n1");
    assert.equal(
      order[4],
      "sleep 1; echo 2:\n2",
      "two of the second queue run, although three could",
    );
  });

  it("do not exceed the number of their queue, even if there are places", async () => {
    const { order } = await run(3, scripts(1, "sleep 0.2; echo 1", "echo 2"));
    assert.deepEqual(order.slice(0, 2), ["sleep 0.2; echo 1 starts.", "sleep 0.2; echo 1:\n1"]);
  });

  it("get the variables of their own", async () => {
    const commands = [{ name: "a", command: ["sh", "-c", "echo $OWN"], env: { OWN: "yes" } }];
    const { order } = await run(1, { commands, max: 1 });
    assert.deepEqual(order, ["a starts.", "a:\nyes"]);
  });

  it("have failed if a signal ended one of them", async () => {
    const { code, order } = await run(1, scripts(1, "kill -9 $$"));
    assert.equal(code, 1);
    assert.match(order[1] ?? "", /ended with a signal/);
  });

  it("fail if their command cannot be started", async () => {
    const commands = [{ name: "a", command: ["no-such-command", "a"] }];
    await assert.rejects(run(1, { commands, max: 1 }), /ENOENT/);
  });
});
