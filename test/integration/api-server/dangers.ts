import assert from "node:assert/strict";
import type { ChartStack } from "../../support/chart-stack";
import { Shelves } from "./shelves";
import { Volumes } from "./volumes";

/** Declares the tests of changes that a preview allows, and of the update that makes them. */
export function previewsDangers(current: () => ChartStack): void {
  describe("changes of a team's charts, manifests and volumes", () => {
    let stack: ChartStack;
    let shelves: Shelves;
    let volumes: Volumes;
    let former: string[];
    let claim: string;
    before(() => {
      stack = current();
      shelves = new Shelves(stack);
      volumes = new Volumes(stack);
    });

    it("are found in an outdated rendering, which is then written again", async () => {
      stack.components(({ charts: all }) => {
        Object.assign(all?.["notes"] ?? {}, { values: { title: "Second", definitions: true } });
      });
      const { code, output } = await stack.charts("check", "--json");
      assert.equal(code, 1, output);
      const matches = [...output.matchAll(/"file": ".*\/(\w+)\.json",\s+"matches": (\w+)/g)];
      const byName = new Map(matches.map(([, name, value]) => [name, value]));
      assert.deepEqual([byName.get("notes"), byName.get("settings")], ["false", "true"], output);
      const updated = await stack.charts("update");
      assert.equal(updated.code, 0, updated.output);
      assert.match(updated.output, /notes\.json: written; commit it/);
      assert.match(updated.output, /settings\.json: unchanged/);
    });

    it("are named as dangers, without the objects that stay in the cluster, and break no rule", async () => {
      former = await shelves.uids();
      claim = await volumes.claim("mails", ".metadata.uid");
      shelves.fill("v1", 2);
      shelves.declare("library", "shelves");
      volumes.declare({ size: "3Gi" }, { team: "content" });
      const { code, output } = await stack.platform("preview");
      assert.equal(code, 3, output);
      assert.match(
        output,
        /New for the whole cluster: `CustomResourceDefinition notebooks\.notes\.example\.com`/,
      );
      assert.match(output, /New rights in the whole cluster: `ClusterRole notes-notebooks`/);
      assert.match(output, /has another size/);
      assert.match(output, /the former one stays in the cluster/);
      assert.doesNotMatch(
        output,
        /(\*\*(create|delete|replace)\*\*|Deleted|is deleted).*(library|shelves|moved|mails)/,
      );
    });

    it("bring definitions and their objects", async () => {
      await stack.must("up");
      await stack.kubectl("get", "notebooks.notes.example.com", "first", "-n", "notes");
    });

    it("keep objects under another version of their API and another entry, with its former name", async () => {
      assert.deepEqual(await shelves.uids(), former);
      assert.equal(await shelves.books(), "2");
      // The last test's update is without the former name, and changes nothing.
      shelves.declare("library");
    });

    it("let a claim grow in place", async () => {
      assert.equal(await volumes.claim("mails", ".metadata.uid"), claim);
      assert.equal(await volumes.claim("mails", ".spec.resources.requests.storage"), "3Gi");
    });

    it("leave a claim behind whose app moves to another namespace", async () => {
      for (const namespace of ["commerce-dev", "content-dev"])
        await volumes.claim("letters", ".metadata.uid", namespace);
    });
  });
}
