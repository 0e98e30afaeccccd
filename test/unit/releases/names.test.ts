import assert from "node:assert/strict";
import { keyOf, releaseName, slug } from "../../../releases";
import { compareVersions, isReleaseId } from "../../../releases/version";

describe("a release's key and names", () => {
  it("shows the revision from the second one", () => {
    assert.equal(keyOf({ version: "1.4.2" }), "1.4.2");
    assert.equal(keyOf({ version: "1.4.2", revision: 1 }), "1.4.2");
    assert.equal(keyOf({ version: "1.4.2", revision: 2 }), "1.4.2-r2");
  });

  const slugs: [key: string, slug: string][] = [
    ["1.4.2", "1-4-2"],
    ["1.4.2-r2", "1-4-2-r2"],
    ["1.4.2-online-3F2C1A9", "1-4-2-online-3f2c1a9"],
    ["2_0..", "2-0"],
    ["RC1", "rc1"],
  ];
  for (const [key, expected] of slugs) {
    it(`makes ${key} ${expected}`, () => assert.equal(slug(key), expected));
  }

  it("puts the app's name before it", () => {
    assert.equal(releaseName("shop", "1.4.2-r2"), "shop-1-4-2-r2");
  });

  it("truncates names of more than 63 characters and keeps them unique", () => {
    const long = "1.4.2-online-".padEnd(80, "a");
    const exact = releaseName("shop", "a".repeat(58));
    assert.equal(exact, `shop-${"a".repeat(58)}`);
    assert.equal(exact.length, 63);
    const [first, second] = [releaseName("shop", `${long}1`), releaseName("shop", `${long}2`)];
    assert.match(first, /^shop-1-4-2-online-a{36}-[0-9a-f]{8}$/);
    assert.equal(first.length, 63);
    assert.notEqual(first, second);
  });

  it("leaves no dash before the hash of a truncated name", () => {
    assert.match(releaseName("shop", `${"a".repeat(48)}.${"b".repeat(40)}`), /a-[0-9a-f]{8}$/);
  });

  const ids: [fits: boolean, version: string, revision?: number][] = [
    [true, "1.4.2-online-3f2c1a9"],
    [true, "a".repeat(100)],
    [false, "a".repeat(101)],
    [false, ""],
    [false, "-1"],
    [false, "1.4/2"],
    [false, "1.4.2+build"],
    [true, "1", 7],
    [false, "1", 0],
    [false, "1", 1.5],
  ];
  for (const [fits, version, revision] of ids) {
    it(`${fits ? "accepts" : "rejects"} version "${version.slice(0, 30)}" revision ${revision}`, () =>
      assert.equal(isReleaseId({ version, revision }), fits));
  }
});

describe("comparing versions", () => {
  const cases: [a: string, b: string, order: number | undefined][] = [
    ["1.4.2", "1.5.0", -1],
    ["1.10", "1.9.9", 1],
    ["v2", "2.0.0", 0],
    ["1.4.2-online-3f2c1a9", "1.4.2", 0],
    ["20261121054511", "20261121054510", 1],
    ["3f2c1a9", "1.0.0", undefined],
    ["build-12", "1.0.0", undefined],
    ["1.4.2.7", "1.4.2.8", undefined],
  ];
  for (const [a, b, order] of cases) {
    it(`${a} with ${b}: ${order ?? "not comparable"}`, () =>
      assert.equal(compareVersions(a, b), order));
  }
});
