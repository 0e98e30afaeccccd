import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { logFile } from "../../../../cli/stacks/run";
import { unchanged, World } from "./support";

const platformName = "organization/platform/online";

describe("many stacks", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });
  afterEach(() => world.remove());

  /** Writes a platform stack and two app stacks that use it. */
  function small(): void {
    world.stack("online", { "platform:environment": "online" });
    for (const app of ["news", "shop"]) {
      world.stack(`${app}.online`, {
        "platform:platformStack": platformName,
        "platform:apps": { [app]: {} },
      });
    }
    world.outputs.set(platformName, { platform: { environment: "online" }, apps: {} });
  }

  it("run one by one, with the changes that the engine reports", async () => {
    small();
    world.endings.set("news.online", { output: unchanged });
    assert.deepEqual(await world.run(), {
      "news.online": "succeeded: no changes",
      online: "succeeded: 1 updated",
      "shop.online": "succeeded: 1 updated",
    });
    assert.match(
      readFileSync(logFile(join(world.folder, "memory"), "shop.online"), "utf8"),
      /1 updated/,
    );
  });

  it("run after their platform stack, and in parallel", async () => {
    small();
    await world.run({ parallel: 3 });
    assert.deepEqual(world.runs, ["up online", "up news.online", "up shop.online"]);
    assert.equal(world.most, 2);
  });

  it("run no more at a time than requested", async () => {
    for (const name of ["a", "b", "c", "d", "e"]) world.stack(name);
    await world.run({ parallel: 3 });
    assert.equal(world.most, 3);
  });

  it("fail individually: the others run, even those that read the failed one", async () => {
    small();
    world.file("broken", "a: [");
    world.endings.set("online", {
      code: 255,
      output:
        "Diagnostics:\n  pulumi:pulumi:Stack:\n    error: no such context\n    more\n\nerror: update failed\n",
    });
    const results = await world.run();
    assert.equal(results["online"], "failed: error: no such context\nmore");
    assert.match(results["broken"] ?? "", /^failed: .*Pulumi\.broken\.yaml is not valid YAML: /);
    assert.equal(results["news.online"], "succeeded: 1 updated");
    assert.equal(results["shop.online"], "succeeded: 1 updated");
  });

  it("say what to do if the backend does not know one, and do not start it", async () => {
    small();
    world.times.delete("shop.online");
    const results = await world.run();
    assert.equal(
      results["shop.online"],
      "failed: the backend has no stack shop.online yet; create it with: pulumi stack init --no-select shop.online",
    );
    assert.ok(!world.runs.includes("up shop.online"));
  });

  it("name those that are in the backend and have no file", async () => {
    world.stack("a");
    world.times.set("old", undefined);
    const fileless: string[] = [];
    await world.run({ onFileless: (stacks) => fileless.push(...stacks) });
    assert.deepEqual(fileless, ["old"]);
  });

  it("are no longer started after a request to stop", async () => {
    for (const name of ["a", "b", "c"]) world.stack(name);
    const results = await world.run({ parallel: 1, stopped: () => world.runs.length > 0 });
    assert.deepEqual(results, {
      a: "succeeded: 1 updated",
      b: "skipped: stopped before its turn",
      c: "skipped: stopped before its turn",
    });
  });

  describe("with --changed", () => {
    beforeEach(async () => {
      small();
      await world.run();
      world.runs.length = 0;
    });

    async function ran(options = {}): Promise<string[]> {
      world.runs.length = 0;
      await world.run({ changed: true, parallel: 1, ...options });
      return world.runs;
    }

    it("are all skipped if nothing has changed", async () => {
      const results = await world.run({ changed: true });
      assert.deepEqual(new Set(Object.values(results)), new Set(["skipped: unchanged"]));
      assert.deepEqual(await ran({ verb: "preview" }), []);
    });

    it("run anyway without it", async () => {
      assert.deepEqual(await ran({ changed: false }).then((list) => list.length), 3);
    });

    it("run if the config changed; comments and the order of keys do not matter", async () => {
      world.file(
        "shop.online",
        `# ours\nconfig:\n  platform:apps: {shop: {}}\n  platform:platformStack: ${platformName}\n`,
      );
      assert.deepEqual(await ran(), []);
      world.stack("shop.online", {
        "platform:platformStack": platformName,
        "platform:apps": { shop: { stable: { version: "2" } } },
      });
      assert.deepEqual(await ran(), ["up shop.online"]);
      assert.deepEqual(await ran(), []);
    });

    it("all run if the program changed", async () => {
      assert.equal((await ran({ program: "other" })).length, 3);
    });

    it("run if what they read from the platform stack changed, and only then", async () => {
      world.outputs.set(platformName, { platform: { environment: "online" }, apps: { x: 1 } });
      assert.deepEqual(await ran(), []);
      world.outputs.set(platformName, { platform: { environment: "online", gateway: {} } });
      assert.deepEqual(await ran(), ["up news.online", "up shop.online"]);
    });

    it("see changes of the platform stack in the same run", async () => {
      world.stack("online", { "platform:environment": "online", "platform:domain": "x" });
      const gate = world.endings;
      gate.set("online", {
        until: Promise.resolve().then(() => {
          world.outputs.set(platformName, { platform: { environment: "online", gateway: {} } });
        }),
      });
      assert.deepEqual(await ran(), ["up online", "up news.online", "up shop.online"]);
      gate.delete("online");
      assert.deepEqual(await ran(), []);
    });

    it("run again after a failure", async () => {
      world.stack("online", { "platform:environment": "online", "platform:domain": "x" });
      world.endings.set("online", { code: 1, output: "error: no\n" });
      assert.deepEqual(await ran(), ["up online"]);
      assert.deepEqual(await ran(), ["up online"]);
    });

    it("run if somebody else has updated the stack since, even with the same inputs", async () => {
      world.times.set("shop.online", "2026-11-21T08:00:00.000Z");
      assert.deepEqual(await ran(), ["up shop.online"]);
      assert.deepEqual(await ran(), []);
    });

    it("run if the outputs of the platform stack cannot be read: the program shows why", async () => {
      world.outputs.delete(platformName);
      const both = ["up news.online", "up shop.online"];
      assert.deepEqual(await ran(), both);
      assert.deepEqual(await ran(), both);
    });

    it("run if the stored result is damaged", async () => {
      writeFileSync(join(world.folder, "memory", "online.json"), "{");
      assert.deepEqual(await ran(), ["up online"]);
    });
  });

  it("are previewed until there is nothing to change; then a preview is sufficient proof", async () => {
    world.stack("online");
    world.times.set("online", "2026-11-21T08:00:00.000Z");
    const preview = { verb: "preview", changed: true } as const;
    await world.run(preview);
    await world.run(preview);
    assert.equal(world.runs.length, 2);
    world.endings.set("online", { output: unchanged });
    await world.run(preview);
    await world.run(preview);
    assert.equal(world.runs.length, 3);
  });

  it("are not stored if another update followed immediately", async () => {
    world.stack("online");
    const outcomes = await world.outcomes({
      onDone: () => world.times.set("online", new Date(Date.now() + 60_000).toISOString()),
    });
    assert.equal(outcomes[0]?.status, "succeeded");
    await world.run({ changed: true });
    assert.equal(world.runs.length, 2);
  });
});
