import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { firstApp, good, ReleaseProject } from "./release-commands/project";

describe("npx platform release", () => {
  let project: ReleaseProject;
  beforeEach(async () => {
    project = await ReleaseProject.start();
  });
  afterEach(() => project.remove());

  it("refuses to revert a move that is not complete", async () => {
    const labels = { "app.kubernetes.io/name": "shop", "app.kubernetes.io/part-of": "apps" };
    const metadata = { name: "shop-stable", namespace: "content-online", labels };
    const type = "kubernetes:core/v1:Service";
    const moved = {
      urn: `urn:pulumi:online::platform::${type}::shop`,
      type,
      outputs: { metadata },
    };
    project.record({ releases: { shop: project.recorded(300) } }, moved);
    const { code, out, text } = await project.release("weight", "shop", "50");
    assert.equal(code, 1, out);
    assert.match(out, /a move of shop to namespace content-online has not ended/);
    assert.match(text, /weight: 10/);
    // The engine deletes what a completed move has left.
    project.record({ releases: { shop: project.recorded(300) } }, { ...moved, delete: true });
    assert.equal((await project.release("weight", "shop", "50")).code, 0);
  });

  it("shows the share of each release", async () => {
    const { code, out } = await project.release("status", "shop");
    assert.equal(code, 0, out);
    assert.match(out, /RELEASE +IMAGE +ROLE +WEIGHT +REPLICAS +CONFIG/);
    assert.match(out, /1\.5\.0 +harbor\.platform\.test\/shop\/shop:1\.5\.0 +canary +10% +2-10/);
  });

  it("changes the canary's weight in the file, and nothing else", async () => {
    const before = project.text();
    const dry = await project.release("weight", "shop", "50", "--dry-run");
    assert.deepEqual([dry.code, dry.text], [0, before]);
    assert.match(dry.out, /10% → 50%/);
    const { code, text, out } = await project.release("weight", "shop", "50");
    assert.equal(code, 0, out);
    assert.match(text, /weight: 50/);
    assert.equal(text.replace("weight: 50", "weight: 10"), before);
    const wrong = await project.release("weight", "shop", "101");
    assert.equal(wrong.code, 1);
    assert.match(wrong.out, /expected a whole number from 0 to 100/);
  });

  it("releases the first version of an app that has no release yet", async () => {
    const fresh = { ...project.values({}), apps: { shop: { ...firstApp } } };
    const config = Object.entries(fresh).map(([key, value]) => [`platform:${key}`, value]);
    writeFileSync(project.file, stringify({ config: Object.fromEntries(config) as object }));
    project.record({});
    const { code, out, text } = await project.release("canary", "shop", "1.0.0");
    assert.equal(code, 0, out);
    assert.match(out, /1\.0\.0 is the first stable release/);
    assert.match(text, /stable: \{ ?version: 1\.0\.0 ?\}/);
  });

  it("has nothing to check or to promote if the release is already stable", async () => {
    const before = project.text();
    const checked = await project.release("check", "shop", "1.4.2");
    assert.equal(checked.code, 4, checked.out);
    assert.match(
      checked.out,
      /^1\.4\.2 of app "shop" is already stable; there is nothing to check\.$/m,
    );
    const json = await project.release("check", "shop", "1.4.2", "--json");
    assert.equal(json.code, 4);
    assert.deepEqual(JSON.parse(json.out), { app: "shop", verdict: "stable" });
    const promoted = await project.release("promote", "shop", "1.4.2");
    assert.equal(promoted.code, 0, promoted.out);
    assert.match(promoted.out, /^1\.4\.2 of app "shop" is already stable\.$/m);
    assert.equal(promoted.text, before);
    assert.equal(project.queries.length, 0);
  });

  it("refuses what the preview would refuse, and writes nothing", async () => {
    const before = project.text();
    // A promotion runs the check again if it is required.
    project.canary = { ...good, errors: 200 };
    const { code, out, text } = await project.release("promote", "shop");
    assert.equal(code, 1);
    assert.match(out, /shop: .*check.*has the verdict fail.*\(canary-before-stable\)/);
    assert.equal(text, before);
  });

  it("a passing check is recorded, and lets the canary be promoted", async () => {
    const checked = await project.release("check", "shop", "1.5.0");
    assert.equal(checked.code, 0, checked.out);
    assert.match(checked.text, /verdict: pass/);
    assert.match(checked.out, /errors 0\.05% on the canary, 0\.05% on stable/);
    const promoted = await project.release("promote", "shop", "--update");
    assert.equal(promoted.code, 0, promoted.out);
    assert.match(promoted.text, /stable:\s+version: 1\.5\.0\s+check:/);
    assert.doesNotMatch(promoted.text, /canary/);
    assert.equal(project.ups().length, 1);
  });

  it("checks and promotes only the canary that is named", async () => {
    const before = project.text();
    const checked = await project.release("check", "shop", "1.4.9");
    assert.equal(checked.code, 3, checked.out);
    assert.match(checked.out, /The canary of "shop" in stack "\w+" is 1\.5\.0, not 1\.4\.9/);
    const promoted = await project.release("promote", "shop", "1.4.9");
    assert.equal(promoted.code, 1, promoted.out);
    assert.equal(promoted.text, before);
    assert.equal(project.queries.length, 0);
  });

  it("queries only the time in which all requests were the canary's own", async () => {
    const before = Date.now();
    project.engine({ up: 0, canaryFor: 300 });
    await project.release("check", "shop", "--dry-run");
    const longest = 270 + Math.ceil((Date.now() - before) / 1000);
    assert.equal(project.queries.length, 10);
    for (const query of project.queries) {
      // A subquery over the whole time has queries over shorter ones in it.
      const [, text] = /\[(\d+)s:/.exec(query) ?? /\[(\d+)s\]/.exec(query) ?? [];
      const seconds = Number(text);
      assert.ok(seconds >= 270 && seconds <= longest, `${query}, at most ${longest} s`);
    }
  });

  it("does not judge a canary by the requests of the previous one", async () => {
    project.engine({ up: 0, canaryFor: 20 });
    project.canary.errors = 200;
    const { code, out, text } = await project.release("check", "shop", "--update");
    assert.equal(code, 2, out);
    assert.match(
      out,
      /inconclusive requests: the canary took its role [0-9]+ s ago; its requests can be measured separately after 60 s/,
    );
    assert.match(text, /weight: 10/);
    assert.deepEqual(project.queries, []);
  });

  it("a failing check exits with 1; with --update, it also takes the canary's share away", async () => {
    project.canary.errors = 200;
    const { code, out, text } = await project.release("check", "shop", "--update");
    assert.equal(code, 1, out);
    assert.match(out, /fail errors: errors 10\.00% on the canary/);
    assert.match(text, /weight: 0/);
    assert.match(text, /verdict: fail/);
    assert.deepEqual(project.ups(), [
      `up --yes --skip-preview --urns --non-interactive --stack online --config-file ${project.file}`,
    ]);
  });

  it("too little data is inconclusive, exits with 2 and never takes requests away", async () => {
    project.canary = { ...good, requests: 20 };
    const { code, out, text } = await project.release("check", "shop", "--update");
    assert.equal(code, 2, out);
    assert.match(out, /inconclusive requests: /);
    assert.match(text, /weight: 10/);
    assert.deepEqual(project.ups(), []);
  });

  it("a Prometheus that does not answer is an error, not a verdict", async () => {
    await project.stopPrometheus();
    const before = project.text();
    const { code, out, text } = await project.release("check", "shop");
    assert.equal(code, 3);
    assert.match(out, /Prometheus at http:\/\/127\.0\.0\.1:\d+ does not answer/);
    assert.equal(text, before);
  });

  it("restores the former config and applies it if the update fails", async () => {
    project.engine({ up: 1 });
    const before = project.text();
    const { code, out, text } = await project.release("weight", "shop", "50", "--update");
    assert.equal(code, 1);
    assert.match(out, /the update failed; the previous config is restored and applied/);
    assert.equal(text, before);
    assert.equal(project.ups().length, 2);
  });

  it("does not wait for a release that was not ready and keeps its share, but waits for one whose share rises", async () => {
    const type = "platform:app:App$platform:app:Release$kubernetes:apps/v1:Deployment";
    const unready = (name: string) => ({
      urn: `urn:pulumi:online::platform::${type}::${name}`,
      type: "kubernetes:apps/v1:Deployment",
      initErrors: ["0 of 2 pods are ready"],
      inputs: { metadata: { name, labels: { "app.kubernetes.io/name": "shop" } } },
    });
    const all = ["shop-1-4-2", "shop-1-5-0", "shop-1-6-0"].map(unready);
    project.record({ releases: { shop: project.recorded(300) } }, ...all);
    const { code, out } = await project.release("weight", "shop", "50", "--update");
    assert.equal(code, 0, out);
    assert.match(out, /Not waited for: Deployment shop-1-4-2, which was not ready before/);
    const [up = ""] = project.ups();
    const excluded = [...up.matchAll(/--exclude \S+::(\S+)/g)].map(([, name]) => name);
    assert.deepEqual(excluded, ["shop-1-4-2"]);
  });

  it("only restores the former config if another update holds the lock", async () => {
    const holder = "created by ci@runner-7 (pid 12) at 2026-11-21T08:00:00Z";
    project.engine({
      up: 255,
      says: `error: the stack is currently locked by 1 lock(s): ${holder}`,
    });
    const before = project.text();
    const { code, out, text } = await project.release("weight", "shop", "50", "--update");
    assert.equal(code, 1);
    assert.match(
      out,
      /Stack "online": locked by ci@runner-7 \(process 12\) since 2026-11-21T08:00:00Z; wait for it, .*: pulumi cancel --yes --stack online, and then: npx platform recover online\nNothing was changed; the previous config was restored\./,
    );
    assert.equal(text, before);
    assert.equal(project.ups().length, 1);
  });

  it("rolls back: first the canary ends", async () => {
    const { code, text, out } = await project.release("rollback", "shop");
    assert.equal(code, 0, out);
    assert.doesNotMatch(text, /canary/);
    assert.match(text, /stable:\s+version: 1\.4\.2\n/);
  });

  it("names the existing apps, and says what to do without an engine", async () => {
    assert.match(
      (await project.release("status", "shp")).out,
      /Stack "online" has no app "shp"; it has shop/,
    );
    rmSync(join(project.folder, "pulumi"));
    const { PATH } = process.env;
    process.env.PATH = "/usr/bin:/bin";
    try {
      assert.match(
        (await project.release("status", "shop")).out,
        /pulumi could not be started .*local env/,
      );
    } finally {
      process.env.PATH = PATH;
    }
  });
});
