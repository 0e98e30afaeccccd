import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { StackFile } from "../../../../cli/release/stack-file";

describe("a stack's file with anchors and aliases", () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), "shared-nodes-"))));
  after(() => rmSync(folder, { recursive: true }));

  function fileWith(apps: string, top = ""): StackFile {
    const path = join(folder, "Pulumi.prod.yaml");
    writeFileSync(path, `${top}config:\n  platform:apps:\n${apps}`);
    return new StackFile("prod", folder);
  }

  /** Returns the apps of an edited file, as a reader of YAML gets them. */
  function appsOf(file: StackFile): Record<string, Record<string, unknown>> {
    const { config } = parse(file.text(), { merge: true }) as { config: Record<string, unknown> };
    return config["platform:apps"] as Record<string, Record<string, unknown>>;
  }

  const next = { version: "1.6.0", revision: 1 };
  const canary = { version: "1.5.0", weight: 10 };
  const evidence = {
    verdict: "pass" as const,
    at: "2026-11-21T08:00:00Z",
    release: "1.5.0",
    samples: 900,
    rules: "x",
  };

  const aliased = `    shop:
      canary: &next { version: 1.5.0, weight: 10 }
    news:
      stable: { version: 1.4.2 }
      canary: *next
`;
  const merged = `    shop:
      <<: *both
`;
  const both =
    "x-both: &both { stable: { version: 1.4.2 }, canary: { version: 1.5.0, weight: 10 } }\n";

  it("changes an alias's app only, and writes the value out there", () => {
    const weighed = fileWith(aliased);
    assert.deepEqual(weighed.get("news", "canary"), canary);
    weighed.setWeight("news", 50);
    weighed.setCheck("news", evidence);
    assert.deepEqual(appsOf(weighed).news?.canary, { ...canary, weight: 50, check: evidence });
    assert.deepEqual(appsOf(weighed).shop?.canary, canary);
    assert.match(weighed.text(), /canary: &next \{ version: 1\.5\.0, weight: 10 \}/);

    const promoted = fileWith(aliased);
    promoted.setStable("news", { version: "1.5.0", revision: 1 });
    assert.deepEqual(appsOf(promoted).news, { stable: { version: "1.5.0" } });
    const superseded = fileWith(aliased);
    superseded.setCanary("news", next, 0);
    assert.deepEqual(appsOf(superseded).news?.canary, { version: "1.6.0", weight: 0 });
    const ended = fileWith(aliased);
    ended.removeCanary("news");
    assert.deepEqual(Object.keys(appsOf(ended).news ?? {}), ["stable"]);
  });

  it("refuses to change or remove what an alias repeats, and names the lines", () => {
    const message =
      /Pulumi\.prod\.yaml line 4: platform:apps\.shop\.canary: expected a value that no alias repeats, got the anchor &next, which line 7 repeats \(\*next\); write the value out at line 7/;
    const file = () => fileWith(aliased);
    assert.throws(() => file().setWeight("shop", 50), message);
    assert.throws(() => file().setCheck("shop", evidence), message);
    assert.throws(() => file().setCanary("shop", next, 0), message);
    assert.throws(() => file().removeCanary("shop"), message);
    assert.throws(() => file().setStable("shop", next), message);
  });

  it("writes out what a merge key adds, and refuses to remove it", () => {
    const file = fileWith(merged, both);
    assert.deepEqual(file.get("shop", "canary"), canary);
    file.setWeight("shop", 50);
    file.setNow("shop");
    assert.deepEqual(appsOf(file).shop, {
      stable: { version: "1.4.2", now: true },
      canary: { ...canary, weight: 50 },
    });
    assert.throws(
      () => fileWith(merged, both).removeCanary("shop"),
      /line 5: platform:apps\.shop\.canary: expected no canary after the edit, got one that << merges into the app; remove the key from what is merged/,
    );
  });

  it("changes an app that others merge only if they have the key themselves", () => {
    const shared = (own: string) => `    shop: &base
      stable: { version: 1.4.2 }
    news:
      <<: *base
      domain: news.example.com
${own}`;
    const own = fileWith(shared("      canary: { version: 1.5.0, weight: 10 }\n"));
    own.setCanary("shop", next, 0);
    assert.deepEqual(appsOf(own).news?.canary, canary);
    assert.throws(
      () => fileWith(shared("")).setCanary("shop", next, 0),
      /line 4: platform:apps\.shop\.canary: expected .* got the anchor &base, which line 6 repeats/,
    );
  });

  it("promotes and rolls back an app that others merge, if none of them has a canary", () => {
    const file = fileWith(`    shop: &shop
      stable: { version: 1.5.0 }
      configFiles: { a.properties: old }
    shop-b:
      <<: *shop
      stable: { version: 1.4.2 }
      configFiles: { a.properties: b }
`);
    file.setStable("shop", { version: "1.4.2", revision: 1 });
    file.setField("shop", "configFiles", { "a.properties": "new" });
    file.removeCanary("shop");
    assert.equal(file.removeFreeze("shop"), false);
    const { shop, "shop-b": other } = appsOf(file);
    const stable = { version: "1.4.2" };
    assert.deepEqual(shop, { stable, configFiles: { "a.properties": "new" } });
    assert.deepEqual(other, { stable, configFiles: { "a.properties": "b" } });
  });

  it("names the alias if it is the whole app", () => {
    const file = fileWith("    shop: &base\n      stable: { version: 1.4.2 }\n    news: *base\n");
    assert.throws(
      () => file.setWeight("news", 1),
      /line 5: platform:apps\.news: expected a mapping of its own, got the alias \*base; write it out there/,
    );
  });
});
