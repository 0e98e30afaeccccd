import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { packagesChecksum, packagePaths } from "../../../../cli/stacks/package-files";
import { concernedBy } from "../../../../cli/stacks/concerned";
import { inputsHash } from "../../../../cli/stacks/inputs";

const entry = (name: string, components: object) => ({
  name,
  file: `Pulumi.${name}.yaml`,
  config: { "platform:components": components },
});
const dev = entry("dev", {
  charts: {
    notes: { chart: "charts/notes", valuesFiles: ["values/dev.yaml"] },
    cache: { repository: "https://charts.example.com", chart: "redis" },
  },
  manifests: { limits: { folder: "yaml/limits" } },
});
const plain = entry("plain", { gateway: {} });

describe("the files of a stack's charts and manifests", () => {
  it("are its renderings, its folders and its values", () => {
    const paths = ["rendered/dev", "charts/notes", "values/dev.yaml", "yaml/limits"];
    assert.deepEqual(packagePaths(dev), paths);
    assert.deepEqual(packagePaths(plain), []);
    assert.deepEqual(packagePaths(entry("odd", { charts: 1, manifests: [{ folder: 1 }] })), []);
  });

  it("concern only this stack when they change", () => {
    const names = (...changed: string[]) =>
      concernedBy([dev, plain], changed).map(({ name }) => name);
    for (const file of [
      "rendered/dev/notes.json",
      "charts/notes/Chart.yaml",
      "yaml/limits/a.yaml",
    ]) {
      assert.deepEqual(names(file), ["dev"]);
    }
    assert.deepEqual(names("rendered/prod/notes.json"), []);
  });

  it("are inputs of the stack: other content has another hash", () => {
    const folder = mkdtempSync(join(tmpdir(), "brought-"));
    const write = (path: string, text: string) => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    };
    try {
      const hash = () => inputsHash({}, "p", 1, packagesChecksum(dev, folder));
      const seen = [hash()];
      for (const path of ["rendered/dev/notes.json", "charts/notes/a/b", "values/dev.yaml"]) {
        write(path, "a");
        seen.push(hash());
        write(path, "b");
        seen.push(hash());
      }
      assert.equal(new Set(seen).size, seen.length);
      assert.equal(inputsHash({}, "p", 1, packagesChecksum(plain, folder)), inputsHash({}, "p", 1));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
