import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  installDependencies,
  programDependencies,
} from "../../../../local/plugins/language-nodejs/dependencies";

describe("a program's dependencies", () => {
  let root: string;
  const write = (name: string, content: unknown) => {
    mkdirSync(join(root, name, ".."), { recursive: true });
    writeFileSync(join(root, name), JSON.stringify(content));
  };

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "dependencies-"));
    write("package.json", {
      dependencies: { zod: "^4.0.0", "@acme/absent": "1.x" },
      devDependencies: { mocha: "1" },
    });
    write("node_modules/zod/package.json", { version: "4.6.7" });
    write("package-lock.json", {
      packages: {
        "": { version: "1.0.0" },
        "node_modules/zod": { version: "4.6.7" },
        "node_modules/zod/node_modules/@acme/deep": { version: "2.0.0" },
      },
    });
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it("are listed in the versions that are installed", () => {
    assert.deepEqual(programDependencies(root, false), [
      { name: "@acme/absent", version: "1.x" },
      { name: "mocha", version: "1" },
      { name: "zod", version: "4.6.7" },
    ]);
    assert.deepEqual(programDependencies(root, true), [
      { name: "@acme/deep", version: "2.0.0" },
      { name: "zod", version: "4.6.7" },
    ]);
    rmSync(join(root, "package.json"));
    assert.throws(() => programDependencies(root, false), /cannot read .*package\.json/);
  });

  it("are installed by npm, whose output is passed on", async () => {
    const { PATH } = process.env;
    mkdirSync(join(root, "bin"));
    const npm = `#!/bin/sh\necho "$@" in "$PWD"\necho bad >&2\n[ "$1" = ci ]\n`;
    writeFileSync(join(root, "bin/npm"), npm, { mode: 0o755 });
    process.env.PATH = `${join(root, "bin")}:${PATH}`;
    let output = "";
    const install = () =>
      installDependencies(
        root,
        {
          stdout: (chunk) => void (output += `out ${chunk}`),
          stderr: (chunk) => void (output += `err ${chunk}`),
        },
        new AbortController().signal,
      );
    try {
      await install();
      assert.match(output, /out ci --no-fund --no-audit in /);
      assert.match(output, /err bad\n/);
      rmSync(join(root, "package-lock.json"));
      await assert.rejects(install(), /"npm install" in .* failed with exit code 1/);
    } finally {
      process.env.PATH = PATH;
    }
  });
});
