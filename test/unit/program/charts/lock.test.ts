import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { PackageEntry } from "../../../../program/charts/entries";
import { readObjects, renderingFile, renderingText } from "../../../../program/charts/lock";

const common = {
  name: "notes",
  key: "platform:components.charts.notes",
  stack: "dev",
  namespace: "notes",
  level: "restricted" as const,
  kubernetes: "1.36",
  secretStores: {},
  place: { clusterKinds: [] },
};
const chart: PackageEntry & { kind: "charts" } = {
  ...common,
  kind: "charts",
  config: { chart: "notes", values: { a: 1 }, valuesFiles: [], hooks: "refuse", clusterKinds: [] },
};
const manifests = (fields: object = {}): PackageEntry => ({
  ...common,
  kind: "manifests",
  config: { folder: "yaml", clusterKinds: [], ...fields },
});
const objects = [{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "x" } }];

describe("the committed rendering of a chart", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "lock-"));
    write("notes/Chart.yaml", "name: notes");
    write("notes/templates/a.yaml", "a");
    write("yaml/b.yaml", "kind: B\n---\nkind: C\n");
    write("yaml/a.yaml", "kind: List\nitems: [{kind: A}]\n");
    write("yaml/notes.txt", "none");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function write(path: string, text: string): void {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const lock = (entry: PackageEntry) =>
    write(renderingFile(entry), renderingText(entry, objects, folder));

  it("is read as it was rendered", () => {
    lock(chart);
    assert.deepEqual(readObjects(chart, folder), objects);
  });

  const stale: [title: string, change: () => PackageEntry][] = [
    ["another value", () => ({ ...chart, config: { ...chart.config, values: { a: 2 } } })],
    ["another version", () => ({ ...chart, config: { ...chart.config, version: "1.0.0" } })],
    ["another namespace", () => ({ ...chart, namespace: "other" })],
    ["another version of Kubernetes", () => ({ ...chart, kubernetes: "1.37" })],
    [
      "a changed template",
      () => {
        write("notes/templates/a.yaml", "b");
        return chart;
      },
    ],
    [
      "a further template",
      () => {
        write("notes/templates/b.yaml", "");
        return chart;
      },
    ],
  ];
  for (const [title, change] of stale) {
    it(`is refused if it is older than the config: ${title}`, () => {
      lock(chart);
      const changed = change();
      assert.throws(
        () => readObjects(changed, folder),
        /expected rendered\/dev\/notes\.json to match the config and its files, got an outdated file; run npx platform charts update dev notes, and commit/,
      );
    });
  }

  it("is refused if a values file changed or is missing", () => {
    const entry = { ...chart, config: { ...chart.config, valuesFiles: ["values/dev.yaml"] } };
    assert.throws(() => renderingText(entry, objects, folder), /file that exists, got values\/dev/);
    write("values/dev.yaml", "a: 1");
    lock(entry);
    assert.deepEqual(readObjects(entry, folder), objects);
    write("values/dev.yaml", "a: 2");
    assert.throws(() => readObjects(entry, folder), /got an outdated file/);
  });

  it("is refused when somebody edited it", () => {
    const text = renderingText(chart, objects, folder);
    write(renderingFile(chart), text.replace('"name": "x"', '"name": "y"'));
    assert.throws(() => readObjects(chart, folder), /got an edited file/);
  });

  it("is refused if it is missing or is something else", () => {
    assert.throws(() => readObjects(chart, folder), /got no such file; run npx platform charts/);
    for (const text of ["", "[]", '{"objects": 1}']) {
      write(renderingFile(chart), text);
      assert.throws(() => readObjects(chart, folder), /got something else/);
    }
  });

  it("contains every object in the YAML files of a folder, in their order", () => {
    const kinds = readObjects(manifests(), folder).map((it) => (it as { kind: string }).kind);
    assert.deepEqual(kinds, ["A", "B", "C"]);
  });

  it("is refused if the folder is missing, is a kustomization, has links out of it or contains no YAML", () => {
    assert.throws(() => readObjects(manifests({ folder: "none" }), folder), /folder that exists/);
    write("empty/notes.txt", "");
    assert.throws(() => readObjects(manifests({ folder: "empty" }), folder), /with \.yaml files/);
    write("yaml/broken.yaml", "a: [");
    assert.throws(() => readObjects(manifests(), folder), /expected YAML in broken\.yaml, got: /);
    rmSync(join(folder, "yaml/broken.yaml"));
    symlinkSync("/etc/hostname", join(folder, "yaml/link.yaml"));
    assert.throws(() => readObjects(manifests(), folder), /links that lead out of it/);
    rmSync(join(folder, "yaml/link.yaml"));
    write("yaml/kustomization.yaml", "resources: []");
    assert.throws(() => readObjects(manifests(), folder), /set kustomization, for example to "\."/);
    assert.throws(() => readObjects(manifests({ kustomization: "." }), folder), /got no such file/);
  });
});
