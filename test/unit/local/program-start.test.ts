import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { checkout } from "../../../local/toolchain/paths";

/** Arguments of Node.js before the program. */
function nodeArguments(): string[] {
  const text = readFileSync(join(checkout, "Pulumi.yaml"), "utf8");
  const { runtime } = parse(text) as { runtime: { options: { nodeargs: string } } };
  return runtime.options.nodeargs.split(" ");
}

const run = (script: string, ...flags: string[]) =>
  execFileSync(process.execPath, [...flags, "-e", script], { cwd: checkout, encoding: "utf8" });

describe("the start of the program", () => {
  it("has a large nursery from the first object on", () => {
    // Node.js reserves half of it once objects have lived through a collection.
    const size = `const kept = Array.from({ length: 100_000 }, () => [1, 2, 3]);
      const space = require("node:v8").getHeapSpaceStatistics().find((each) => each.space_name === "new_space");
      console.log(space.space_size / 2 ** 20, kept.length);`;
    assert.ok(parseFloat(run(size, ...nodeArguments())) >= 16);
  });

  it("checks the config without compiling the checks", () => {
    const compiled = run(
      `const { parseStack } = require("./config/index.ts");
       let compiled = 0;
       globalThis.Function = new Proxy(Function, { construct: (...args) => ((compiled += 1), Reflect.construct(...args)) });
       const cluster = { kubeconfig: "none", context: "none" };
       const app = { team: "web", domain: "a.platform.test", image: "harbor.platform.test/a/a", stable: { version: "1.0.0" } };
       parseStack("dev", { environment: "dev", domain: "platform.test", cluster, apps: { a: app } });
       console.log(compiled);`,
      "--require",
      "./bin/typescript.cjs",
    );
    assert.equal(compiled.trim(), "0");
  });
});
