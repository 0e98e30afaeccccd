import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { edits } from "../../../../cli/release/edits";
import type { Context } from "../../../../cli/release/context";
import { StackFile } from "../../../../cli/release/stack-file";
import { promoted, withCanary, type Story } from "../../releases/story";

describe("edits of a stack's file", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "edits-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  function context(releases: object, story: Story): Context {
    const shop = {
      team: "commerce",
      domain: "shop.platform.test",
      image: "harbor.platform.test/shop/shop",
      ...releases,
    };
    const config = {
      "platform:environment": "online",
      "platform:domain": "platform.test",
      "platform:cluster": { kubeconfig: "none", context: "none" },
      "platform:apps": { shop },
    };
    writeFileSync(join(folder, "Pulumi.prod.yaml"), stringify({ config }, { compat: "yaml-1.1" }));
    const file = new StackFile("prod", folder);
    return { stack: "prod", app: "shop", file, record: story.record, now: new Date() };
  }

  const trying = {
    stable: { version: "1.4.2" },
    canary: { version: "1.5.0", weight: 50 },
  };

  it("go back to the recorded release if the update to another stable did not finish", () => {
    // The promotion of 1.5.0 is in the file and perhaps in the cluster, but was not recorded.
    const unfinished = context({ stable: { version: "1.5.0" } }, withCanary());
    edits.rollback(unfinished, undefined);
    assert.equal(unfinished.file.get("shop", "stable", "version"), "1.4.2");
    const finished = context({ stable: { version: "1.5.0" } }, promoted());
    edits.rollback(finished, undefined, true);
    assert.deepEqual(finished.file.get("shop", "stable"), { version: "1.4.2", now: true });
  });

  it("never promote by a rollback", () => {
    assert.throws(
      () => edits.rollback(context(trying, withCanary()), "1.5.0"),
      /1\.5\.0 is the canary of "shop": to end it, run: .* rollback shop --stack prod; to make it stable: .* promote shop --stack prod/,
    );
  });

  it("promote only the canary that is meant", () => {
    const superseded = context(trying, withCanary());
    assert.throws(
      () => edits.promote(superseded, "1.4.9"),
      /The canary of "shop" in stack "prod" is 1\.5\.0, not 1\.4\.9: another change superseded or promoted 1\.4\.9, or rolled it back\.$/,
    );
    assert.equal(superseded.file.get("shop", "stable", "version"), "1.4.2");
    edits.promote(superseded, "1.5.0");
    assert.equal(superseded.file.get("shop", "stable", "version"), "1.5.0");
  });

  it("never take away a running canary's share by starting it again", () => {
    assert.throws(
      () => edits.canary(context(trying, withCanary()), { version: "1.5.0", revision: 1 }),
      /1\.5\.0 is already the canary of "shop", at 50%/,
    );
  });

  it("quote versions that the engine's YAML would read as numbers or times", () => {
    for (const version of ["2026-11-21", "1_2", "1_000", "0b1", "1.10", "12"]) {
      const made = context({ stable: { version: "1.4.2" } }, withCanary());
      edits.canary(made, { version, revision: 1 }, 5);
      assert.ok(made.file.text().includes(`version: "${version}"`), made.file.text());
    }
    const made = context({ stable: { version: "1.4.2" } }, withCanary());
    edits.canary(made, { version: "1.5.0-online-3f2c1a9", revision: 1 }, 5);
    assert.match(made.file.text(), /version: 1\.5\.0-online-3f2c1a9/);
  });
});
