import assert from "node:assert/strict";
import { commentOf } from "../../../../cli/preview/comment";
import { exitCodeOf } from "../../../../cli/preview/report";
import { normalPlan, planHash } from "../../../../cli/preview/plan";
import { named, previewOf, reportWith, type Change } from "./support";

const service = (selector: string): Record<string, unknown> => ({
  kind: "Service",
  ...named("shop-stable", "commerce"),
  spec: { selector: { app: selector } },
});
const type = "kubernetes:core/v1:Service";

/** Returns the engine's events for an object that it reads, and for its change. */
const read = (fields: Partial<Change>): Change => ({
  op: "refresh",
  type,
  name: "shop-stable",
  before: service("shop-1-4-2"),
  after: service("shop-1-4-2"),
  ...fields,
});
const changed = read({ after: service("nope"), differing: { "spec.selector.app": true } });
const setAgain: Change = {
  type,
  name: "shop-stable",
  before: service("nope"),
  after: service("shop-1-4-2"),
};

describe("the findings of a preview's refresh", () => {
  it("are empty if the cluster is as recorded", () => {
    const preview = previewOf(read({}));
    assert.deepEqual([preview.byHand, preview.steps, preview.unchanged], [[], [], 0]);
    assert.deepEqual(preview.objects, { before: [], after: [] });
  });

  it("are empty if only fields of other writers differ", () => {
    const { byHand } = previewOf(read({ after: { ...service("shop-1-4-2"), status: {} } }));
    assert.deepEqual(byHand, []);
  });

  it("contain each object and field, with the recorded and the live value", () => {
    const [change, ...others] = previewOf(changed, setAgain).byHand;
    assert.deepEqual(others, []);
    assert.deepEqual(
      [change?.title, change?.deleted, change?.leaves],
      [
        "Service commerce/shop-stable",
        false,
        [{ path: "spec.selector.app", before: "shop-1-4-2", after: "nope" }],
      ],
    );
  });

  it("are dangers, and a separate section of the comment", () => {
    const report = reportWith(changed, setAgain);
    assert.equal(exitCodeOf(report), 3);
    const comment = commentOf(report);
    assert.match(comment, /\*\*Caution:\*\*/);
    assert.match(
      comment,
      /- `Service commerce\/shop-stable` was changed by hand since the last update: `spec\.selector\.app`; this update reverts it\./,
    );
    assert.match(
      comment,
      /### Changed by hand since the last update\n\n`Service commerce\/shop-stable`\n\n```\nspec\.selector\.app: recorded "shop-1-4-2", live "nope"\n```/,
    );
  });

  it("are shown even if the update keeps or deletes the object", () => {
    const text = (...changes: Change[]) => reportWith(...changes).dangers.map((it) => it.text);
    assert.match(text(changed).join("\n"), /this update does not revert it/);
    const gone: Change = { ...setAgain, op: "delete", after: undefined };
    assert.match(text(changed, gone).join("\n"), /this update deletes it/);
  });

  it("name a deleted object", () => {
    const again: Change = { ...setAgain, op: "create", before: undefined };
    const comment = commentOf(reportWith(read({ after: undefined }), again));
    assert.match(
      comment,
      /`Service commerce\/shop-stable` was deleted by hand since the last update; this update creates it again\./,
    );
    assert.match(comment, /### Changed by hand.*\n\n`Service commerce\/shop-stable`: deleted\n/);
  });

  it("do not reveal secrets, whatever was set by hand", () => {
    const secret = (value: string) => ({
      kind: "Secret",
      ...named("login", "commerce"),
      data: { password: Buffer.from(value).toString("base64") },
    });
    const comment = commentOf(
      reportWith({
        op: "refresh",
        type: "kubernetes:core/v1:Secret",
        name: "login",
        before: secret("recorded-word"),
        after: secret("word-by-hand"),
        differing: { "data.password": true },
      }),
    );
    assert.match(comment, /data\.password: recorded "\(secret\)", live "\(secret\)"/);
    for (const word of ["recorded-word", "word-by-hand"]) {
      assert.ok(!comment.includes(word));
      assert.ok(!comment.includes(Buffer.from(word).toString("base64")));
    }
  });
});

describe("an approved plan", () => {
  const hash = (...changes: Change[]) => planHash(normalPlan("prod", previewOf(...changes), "uid"));
  const gone: Change = { ...setAgain, op: "delete", after: undefined };

  it("differs after a change by hand, even of an object that the update deletes", () => {
    assert.notEqual(hash(changed, gone), hash(read({}), gone));
  });

  it("is the same whether or not an object that it waits for is currently ready", () => {
    const waiting: Change = { ...setAgain, before: service("shop-1-4-2"), unready: true };
    assert.equal(hash(waiting), hash());
  });
});
