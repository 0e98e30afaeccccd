import assert from "node:assert/strict";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

/** Files at the top level, and folders, whose commands start Node.js and that no compiler reads. */
const roots = [".ci", ".github", ".gitlab-ci.yml", "Jenkinsfile", "bin", "package.json"];

/** Files below `path`, or the path of a file itself. */
function filesOf(path: string): string[] {
  if (statSync(path).isFile()) {
    return [path];
  }
  return readdirSync(path).flatMap((name) => filesOf(join(path, name)));
}

/** Modules that commands in a text load with Node.js' option `--require`. */
function requiredModules(text: string): string[] {
  return [...text.matchAll(/--require[ =]["']?([\w@./-]+)/g)].map((match) => match[1]!);
}

describe("modules that scripts and pipelines load before a file", () => {
  const required = roots
    .flatMap(filesOf)
    .flatMap((file) =>
      requiredModules(readFileSync(file, "utf8")).map((module) => ({ file, module })),
    );

  it("are files of the project or packages that package.json lists", () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync("package.json", "utf8")) as {
      dependencies: Record<string, string>;
      devDependencies: Record<string, string>;
    };
    const packages = new Set(Object.keys({ ...dependencies, ...devDependencies }));
    const { resolve: find } = createRequire(resolve("package.json"));
    const missing = required.filter(({ module }) => {
      if (module.startsWith(".")) {
        return !find(module).startsWith(resolve("."));
      }
      return !packages.has(module.split("/")[0]!);
    });
    assert.deepEqual(missing, []);
  });

  it("are found in the searched files", () => {
    assert.ok(required.some(({ file }) => file === ".ci/propose-steps"));
    assert.ok(required.some(({ file }) => file === "package.json"));
  });
});
