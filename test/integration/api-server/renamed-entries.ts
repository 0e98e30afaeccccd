import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ChartStack } from "../../support/chart-stack";
import { failedWith, succeeded } from "../../support/results";

/** Folder in the project that only this test writes to. */
const scratch = "out/renamed-entries";

const version = (name: string, storage: boolean) => `
    - name: ${name}
      served: true
      storage: ${storage}
      schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}`;
const definition = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: shelves.shelves.example.com}
spec:
  group: shelves.example.com
  scope: Namespaced
  names: {kind: Shelf, plural: shelves, singular: shelf}
  versions:${version("v1alpha1", false)}${version("v1", true)}
`;
const shelf = (version: string, books: number) => `
apiVersion: shelves.example.com/${version}
kind: Shelf
metadata: {name: first}
spec: {books: ${books}}
`;
const labels = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: labels}\ndata: {first: novels}\n";

/**
 * Declares the tests of objects that get another name in the program, and keep theirs in the cluster. The engine
 * creates before it deletes, so that an update would fail at each of them.
 */
export function keepsRenamedObjects(current: () => ChartStack): void {
  describe("objects of charts and manifests with another name in the program", () => {
    let stack: ChartStack;
    const folder = (name: string, files: Record<string, string>) => {
      rmSync(join(scratch, name), { recursive: true, force: true });
      mkdirSync(join(scratch, name), { recursive: true });
      for (const [file, text] of Object.entries(files))
        writeFileSync(join(scratch, name, `${file}.yaml`), text);
    };
    const place = { folder: `${scratch}/shelves`, namespace: "library" };
    const declares = (manifests: Record<string, object>) =>
      stack.components((components) => {
        components["manifests"] = manifests as Record<string, Record<string, unknown>>;
      });
    const uids = async () =>
      stack.kubectl(
        ...["get", "shelves.shelves.example.com/first", "configmap/labels", "namespace/library"],
        ...["crd/shelves.shelves.example.com", "networkpolicy/network", "-n", "library"],
        ...["-o", "jsonpath={range .items[*]}{.kind} {.metadata.uid}{'\\n'}{end}"],
      );
    let former: string;
    before(async () => {
      stack = current();
      folder("shelves", { definition, shelf: shelf("v1alpha1", 1), labels });
      declares({ shelves: place });
      await stack.must("up");
      former = await uids();
      assert.equal(former.trim().split("\n").length, 5, former);
    });
    after(async () => {
      declares({});
      await stack.must("up");
      rmSync(scratch, { recursive: true, force: true });
    });

    it("stay under another version of their API and another entry, with its former name", async () => {
      folder("shelves", { definition, shelf: shelf("v1", 2), labels });
      declares({ library: { ...place, formerly: "shelves" } });
      const preview = succeeded(await stack.platform("preview"));
      assert.doesNotMatch(preview, /Deleted|is deleted|created/i);
      await stack.must("up");
      assert.equal(await uids(), former);
      const books = ["get", "shelves.shelves.example.com/first", "-n", "library", "-o"];
      assert.equal(await stack.kubectl(...books, "jsonpath={.spec.books}"), "2");
      declares({ library: place });
      assert.match(succeeded(await stack.platform("preview")), /No object changes/);
    });

    it("are refused by a preview without the former name, and an update would fail", async () => {
      declares({ books: place });
      failedWith(
        await stack.platform("preview"),
        /createExisting \(mandatory\).*Shelf library\/first/,
        /createExisting \(mandatory\).*CustomResourceDefinition shelves\.shelves\.example\.com/,
        /If library in platform:components is now named books, set formerly: library there/,
      );
      await stack.mustFail(/already exists/, "up");
      declares({ library: place });
      await stack.must("up");
      assert.equal(await uids(), former);
    });

    it("move from one entry to another once they are renamed in the state, as the preview says", async () => {
      const map = (name: string) => labels.replace("{name: labels}", `{name: ${name}}`);
      const entry = (name: string) => ({ folder: `${scratch}/${name}`, team: "commerce" });
      const uid = () =>
        stack.kubectl(
          ...["get", "configmap", "moved", "-n", "commerce-dev", "-o", "jsonpath={.metadata.uid}"],
        );
      folder("from", { stays: map("stays"), moved: map("moved") });
      folder("to", { there: map("there") });
      declares({ library: place, from: entry("from"), to: entry("to") });
      await stack.must("up");
      const before = await uid();
      folder("from", { stays: map("stays") });
      folder("to", { there: map("there"), moved: map("moved") });
      const refused = failedWith(await stack.platform("preview"), /createExisting \(mandatory\)/);
      const command = /pulumi state rename --yes '\S+' '\S+' --stack [\w-]+/.exec(refused)?.[0];
      succeeded(await stack.shell(command ?? "exit 1"));
      succeeded(await stack.platform("preview"));
      await stack.must("up");
      assert.equal(await uid(), before);
    });
  });
}
