import assert from "node:assert/strict";
import { changeItems } from "../../../../cli/preview/changes";
import { commentOf } from "../../../../cli/preview/comment";
import { dangersOf } from "../../../../cli/preview/dangers";
import { changedLeaves } from "../../../../cli/preview/leaves";
import { parts } from "./comment";
import {
  change,
  ending,
  named,
  opening,
  previewOf,
  report,
  reportWith,
  traffic,
  type Change,
} from "./support";

const leaves = (it: Change) =>
  previewOf(it)
    .steps.flatMap(changedLeaves)
    .map(({ path }) => path);

describe("the form of a comment", () => {
  it("shows a danger within two screens, however much is new", () => {
    const apps = Array.from({ length: 30 }, (_, index) => `new${index}`);
    const events = [
      ...opening(),
      ...apps.flatMap((name) => change({ op: "create", name, after: named(name) })),
      ...change({ op: "delete", name: "old", before: named("old") }),
      ...ending(),
    ];
    const comment = commentOf(
      report(
        events,
        apps.map((app) => traffic({ app })),
      ),
    );
    const lines = comment.split("\n");
    assert.ok(lines.findIndex((line) => line.includes("Deleted: ")) < 10);
    assert.match(comment, /<details><summary>30 apps, unchanged<\/summary>/);
  });

  it("shows lines of a file as a difference", () => {
    const file = (text: string) => ({ ...named("files"), data: { "a.conf": text } });
    const type = "kubernetes:core/v1:ConfigMap";
    const [item = ""] = changeItems(
      previewOf({ type, name: "files", before: file("a\nb\nc\n"), after: file("a\nB\nc\n") }).steps,
    );
    assert.match(item, /```diff\n@@ data\["a\.conf"\] line 2 @@\n- b\n\+ B\n```/);
  });

  it("shows the main fields of a new object", () => {
    const after = {
      kind: "Service",
      ...named("web", "a"),
      spec: { type: "NodePort", ports: [{ port: 80, nodePort: 30080 }] },
    };
    const type = "kubernetes:core/v1:Service";
    const [item = ""] = changeItems(previewOf({ op: "create", type, name: "web", after }).steps);
    assert.match(item, /Service a\/web: NodePort, 80 as 30080 of the nodes/);
  });

  it("names the exact field that causes a replacement", () => {
    const of = (storage: string) => ({
      ...named("db"),
      spec: {
        volumeClaimTemplates: [{ spec: { resources: { requests: { storage } } } }],
      },
    });
    const replaced = { op: "replace", name: "db", before: of("1Gi"), after: of("2Gi") };
    const { steps } = previewOf({ ...replaced, keys: ["spec"] });
    const [danger] = dangersOf(steps, [], []);
    assert.match(
      danger?.text ?? "",
      /because of `spec\.volumeClaimTemplates\[0\]\.spec\.resources\.requests\.storage`/,
    );
  });

  it("shows no lines for items after an inserted one", () => {
    const rules = (...hosts: string[]) => ({
      ...named("a"),
      spec: { rules: hosts.map((host) => ({ host })) },
    });
    const inserted = { before: rules("b", "c"), after: rules("a", "b", "c") };
    assert.deepEqual(leaves(inserted), ["spec.rules[0].host"]);
    assert.deepEqual(leaves({ before: inserted.after, after: inserted.before }), [
      "spec.rules[0].host",
    ]);
  });

  it("shows no line for a variable that the plugin reports at another index", () => {
    const env = (...names: string[]) => ({
      ...named("a"),
      spec: { env: names.map((name) => ({ name, value: "x" })) },
    });
    const inserted: Change = {
      before: env("LOG_LEVEL"),
      after: env("A", "LOG_LEVEL"),
      differing: { "spec.env[0].name": true, "spec.env[1]": true },
    };
    assert.deepEqual(leaves(inserted), ["spec.env[A].name", "spec.env[A].value"]);
  });

  it("allows the deletion of new objects that the policy protects, before it undoes everything", () => {
    const namespace = { kind: "Namespace", ...named("payments-dev") };
    const claim = { kind: "PersistentVolumeClaim", ...named("data", "ci") };
    const type = "kubernetes:core/v1:Namespace";
    const claims = "kubernetes:core/v1:PersistentVolumeClaim";
    const created = [
      { op: "create", type, name: "a", after: namespace },
      { op: "create", type: claims, name: "b", after: claim },
      { op: "create", type: claims, name: "c", after: claim, retained: true },
    ];
    const { ["How to undo it"]: undo = "" } = parts(commentOf(reportWith(...created)));
    const commands = [
      "kubectl annotate namespace payments-dev platform/allow-deletion=true &&",
      "kubectl annotate persistentvolumeclaim data -n ci platform/allow-deletion=true &&",
      "pulumi refresh --yes --skip-preview --stack prod",
    ];
    assert.ok(undo.includes(`\`\`\`sh\n${commands.join("\n")}\n\`\`\`\n\nEverything:`), undo);
    const updated = { ...created[0], op: "update", before: namespace };
    assert.doesNotMatch(commentOf(reportWith(updated)), /allow-deletion/);
  });

  describe("of a list whose first item is removed, by which the plugin finds others at other indexes", () => {
    const files = { name: "files", configMap: { name: "a" } };
    const tmp = (limit: string) => ({ name: "tmp", emptyDir: { sizeLimit: limit } });
    const object = (...volumes: object[]) => ({ ...named("a"), spec: { volumes } });
    const live = { ...files, configMap: { name: "a", defaultMode: 420 } };
    const differing = { "spec.volumes[0].emptyDir": false, "spec.volumes[1]": false };
    const removed: Change = { before: object(files, tmp("1Mi")), after: object(tmp("1Mi")) };
    const gone = ["spec.volumes[files].configMap.name", "spec.volumes[files].name"];

    it("shows no line for an item that stays the same", () => {
      const found = object(live, tmp("1Mi"));
      assert.deepEqual(leaves({ ...removed, found, differing }), gone);
    });

    it("shows an item that is no longer as recorded", () => {
      const found = object(live, tmp("9Mi"));
      const drifted = { ...removed, found, differing };
      assert.deepEqual(leaves(drifted).slice(0, 2), gone);
      assert.ok(leaves(drifted).length > 2);
    });
  });
});
