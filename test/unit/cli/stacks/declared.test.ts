import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { relative, sep } from "node:path";
import {
  declare,
  changedDeclarations,
  recordedBy,
  recordsAlike,
  type Declare,
} from "../../../../cli/stacks/declared";
import { programSources } from "../../../../cli/stacks/inputs";
import { checkout } from "../../../../local/toolchain/paths";
import { summary } from "../../../../cli/stacks/report";
import { recordConfig } from "../../../../render/stack";
import { unchanged, World } from "./support";

describe("many stacks with --changed, after a change of the program", () => {
  let world: World;
  /** Objects of each stack, from a stub of the program. */
  const objects = new Map<string, Record<string, string>>();
  const rendered: string[] = [];
  const stub: Declare = (entry) => {
    rendered.push(entry.name);
    return Promise.resolve(objects.get(entry.name));
  };

  beforeEach(async () => {
    world = new World();
    for (const name of ["a", "b", "c"]) {
      world.stack(name, { "platform:environment": name });
      world.outputs.set(name, { releases: {} });
      objects.set(name, {
        [`urn:pulumi:${name}::platform::kubernetes:apps/v1:Deployment::${name}-1`]: "h",
      });
    }
    await world.run({ declare: stub });
    world.runs.length = 0;
    rendered.length = 0;
  });
  afterEach(() => world.remove());

  const again = (program = "commented") =>
    world.outcomes({ changed: true, declare: stub, program });

  it("run none if each declares the same as before, and render none the next time", async () => {
    const texts = (await again()).map(({ text }) => text);
    assert.deepEqual(new Set(texts), new Set(["declares the same as before"]));
    assert.deepEqual(world.runs, []);
    assert.equal(rendered.length, 3);
    assert.deepEqual(new Set((await again()).map(({ text }) => text)), new Set(["unchanged"]));
    assert.equal(rendered.length, 3);
  });

  it("run those that declare something different, and list it in one table", async () => {
    objects.set("b", { "urn:pulumi:b::platform::kubernetes:apps/v1:Deployment::b-1": "other" });
    const outcomes = await again();
    assert.deepEqual(world.runs, ["up b"]);
    const text = summary(outcomes, (stack) => `${stack}.log`);
    assert.match(text, /STACK {2}DECLARED DIFFERENTLY\nb {6}Deployment b-1\n/);
  });

  it("run those for which this is unknown: the engine shows why", async () => {
    objects.delete("c");
    await again();
    assert.deepEqual(world.runs, ["up c"]);
  });

  it("run those in which only records would change, which a preview does not prove", async () => {
    const record = { schema: 1, guard: { freezes: [] } };
    world.outputs.set("b", { releases: { shop: record } });
    objects.set("b", { ...objects.get("b"), ...recordedBy({ releases: { shop: record } }) });
    await world.run({ declare: stub });
    const frozen = { ...record, guard: { freezes: [{ reason: "sale" }] } };
    objects.set("b", { ...objects.get("b"), ...recordedBy({ releases: { shop: frozen } }) });
    world.endings.set("b", { output: unchanged });
    world.stack("b", { "platform:environment": "b", "platform:releases": { soak: "1h" } });
    const only = { changed: true, declare: stub };
    for (const verb of ["preview", "preview", "up"] as const) {
      world.runs.length = 0;
      const [, outcome] = await world.outcomes({ ...only, verb });
      assert.deepEqual(world.runs, [`${verb} b`]);
      assert.deepEqual(outcome?.declared, ["record of shop"]);
      if (verb === "up") world.outputs.set("b", { releases: { shop: frozen } });
    }
  });

  it("run those that somebody has updated since, without comparing what they declare", async () => {
    world.times.set("a", "2030-01-01T00:00:00Z");
    await again();
    assert.deepEqual(world.runs, ["up a"]);
    assert.ok(!rendered.slice(0, 2).includes("a"));
  });
});

describe("a stack's declaration", () => {
  let world: World;
  beforeEach(() => (world = new World()));
  afterEach(() => world.remove());

  const app = (fields: object) => ({
    "platform:environment": "online",
    "platform:domain": "platform.test",
    "platform:cluster": { kubeconfig: "none", context: "none" },
    "platform:platformStack": "organization/platform/online",
    "platform:apps": {
      shop: {
        team: "commerce",
        domain: "shop.platform.test",
        image: "registry.test/shop",
        stable: { version: "1.0.0" },
        ...fields,
      },
    },
  });
  const platform = {
    environment: "online",
    gateway: { name: "gateway", namespace: "gateway" },
    scheme: "https",
    namespaces: { commerce: "commerce-online" },
    prometheus: "http://prometheus.test",
  };

  function entryOf(stack: string) {
    const entry = world.entries().find(({ name }) => name === stack);
    assert.ok(entry);
    return entry;
  }

  async function declaredWith(fields: object, facts: object = { platform }) {
    world.stack("shop.online", app(fields));
    return declare(entryOf("shop.online"), { outputs, ...facts });
  }

  /** What the first update recorded. */
  let outputs: Record<string, unknown>;
  before(async () => {
    const facts = { stackOutputs: { "organization/platform/online": { platform } } };
    const recording = await recordConfig("shop.online", app({}), facts);
    outputs = JSON.parse(JSON.stringify(recording.outputs)) as Record<string, unknown>;
  });

  it("is the same for the same config, and names the objects that a change alters", async () => {
    const before = await declaredWith({});
    assert.ok(before && Object.keys(before).length > 5);
    assert.deepEqual(await declaredWith({}), before);
    const after = await declaredWith({ scaling: { min: 3, max: 9 } });
    assert.ok(after);
    const titles = changedDeclarations(before, after);
    assert.ok(
      titles.some((title) => title.startsWith("HorizontalPodAutoscaler shop")),
      titles.join(),
    );
    assert.ok(titles.length < Object.keys(before).length);
  });

  it("includes what an update would record, which is all that a freeze changes", async () => {
    const before = await declaredWith({});
    assert.ok(before && recordsAlike(outputs, before));
    const freeze = { until: "2099-12-01T00:00:00Z", reason: "sale" };
    const after = await declaredWith({ freeze });
    assert.ok(after);
    assert.deepEqual(changedDeclarations(before, after), ["record of shop"]);
    assert.ok(!recordsAlike(outputs, after));
  });

  it("differs if the platform stack's output differs", async () => {
    const before = await declaredWith({});
    const after = await declaredWith(
      {},
      { platform: { ...platform, gateway: { name: "other", namespace: "gateway" } } },
    );
    assert.ok(before && after);
    assert.ok(changedDeclarations(before, after).some((title) => title.startsWith("HTTPRoute")));
  });

  it("is unknown if the program refuses", async () => {
    assert.equal(await declaredWith({ port: "none" }), undefined);
    assert.equal(await declaredWith({}, { platform: undefined }), undefined);
  });

  it("is unknown where the program refuses only while it declares", async () => {
    const limits = { folder: "examples/manifests/limits", team: "commerce" };
    world.stack("dev", {
      "platform:environment": "dev",
      "platform:domain": "platform.test",
      "platform:cluster": { kubeconfig: "none", context: "none" },
      "platform:components": {
        tenancy: { teams: { commerce: {} } },
        manifests: { limits, again: limits },
      },
    });
    assert.equal(await declare(entryOf("dev"), { outputs: {} }), undefined);
    assert.ok(await declaredWith({}));
  });
});

describe("files that affect objects", () => {
  it("are all in the hash of the program, whatever loads or reads them", () => {
    // A separate process, because other tests in this one load the CLI as well.
    const script = `
      const fs = require("node:fs"), read = new Set(), real = fs.readFileSync;
      fs.readFileSync = (file, ...rest) => { read.add(String(file)); return real(file, ...rest); };
      require("./index.ts");
      const loaded = Object.keys(require.cache);
      require("./render/stack").recordStack("prod").then(() => console.log(JSON.stringify({ loaded, read: [...read] })));`;
    const output = execFileSync(
      process.execPath,
      ["--require", "./bin/typescript.cjs", "-e", script],
      {
        cwd: checkout,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      },
    );
    const found = JSON.parse(output.trim().split("\n").at(-1) ?? "{}") as {
      loaded: string[];
      read: string[];
    };
    const inProject = (file: string) =>
      relative(checkout, file.replace(/^file:\/\//, ""))
        .split(sep)
        .join("/");
    const isPackage = (file: string) => /^(\.\.|node_modules)(\/|$)/.test(file) || file === "";
    const loaded = found.loaded.map(inProject).filter((file) => !isPackage(file));
    assert.ok(loaded.includes("index.ts") && loaded.length > 50);
    const read = found.read
      .map(inProject)
      .filter(
        (file) => !isPackage(file) && !/^(\.local|Pulumi\.\w+|render)(\/|\.yaml|$)/.test(file),
      );
    for (const file of ["ci/seed/jobs.groovy", "ci/init/trigger-token.groovy"]) {
      assert.ok(read.includes(file), file);
    }
    const unknown = [...loaded, ...read].filter(
      (file) => !programSources.some((source) => file === source || file.startsWith(`${source}/`)),
    );
    assert.deepEqual(unknown, []);
  });
});
