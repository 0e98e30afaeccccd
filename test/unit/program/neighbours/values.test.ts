import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { app, platform, StackFiles } from "./stacks";

describe("stacks of one platform", () => {
  let files: StackFiles;
  beforeEach(() => {
    files = new StackFiles();
  });
  afterEach(() => files.remove());

  it("may have anything that differs", () => {
    files.write("cart", { cart: app("cart.platform.test", { number: 2 }) }, platform);
    files.write("online", { news: app("news.platform.test", { number: 3 }) });
    assert.deepEqual(
      files.refused("shop", { shop: app("shop.platform.test", { number: 1 }) }, platform),
      [],
    );
  });

  it("have each host, fixed port and name once, and get all errors at once", () => {
    files.write("cart", { cart: app("www.platform.test", { number: 7 }) }, platform);
    files.write("shop-2", { shop: app("two.platform.test") }, platform);
    assert.deepEqual(
      files.refused("shop", { shop: app("www.platform.test", { number: 7 }) }, platform),
      [
        'platform:apps.shop.domain: expected a host name that nothing else uses, got "www.platform.test", which app cart of stack cart uses',
        "platform:apps.shop.number: expected a number that nothing else uses, got 7, which app cart of stack cart uses",
        'platform:apps.shop: expected a name of an app that nothing else uses, got "shop", which app shop of stack shop-2 uses',
      ],
    );
  });

  it("have each app name once, even in different teams: jobs and log streams are named after it alone", () => {
    files.write("cart", { shop: app("two.platform.test", { team: "content" }) }, platform);
    assert.deepEqual(files.refused("shop", { shop: app("shop.platform.test") }, platform), [
      'platform:apps.shop: expected a name of an app that nothing else uses, got "shop", which app shop of stack cart uses',
    ]);
  });

  it("have each name of a release's objects once in a team, as within one stack", () => {
    const one = { shop: app("shop.platform.test", { stable: { version: "1.4.2" } }) };
    const other = { "shop-1": app("one.platform.test", { stable: { version: "4.2" } }) };
    const text = (key: string, by: string) =>
      `platform:apps.${key}.stable.version: expected a name of a release's objects within the team that nothing else uses, got shop-1-4-2, which app ${by} uses`;
    files.write("first", one, platform);
    assert.deepEqual(files.refused("second", other, platform), [
      text("shop-1", "shop of stack first"),
    ]);
    files.write("second", other, platform);
    assert.deepEqual(files.refused("first", one, platform), [
      text("shop", "shop-1 of stack second"),
    ]);
    const canary = { canary: { version: "4.2", weight: 0 } };
    files.write("second", { "shop-1": app("one.platform.test", canary) }, platform);
    assert.equal(files.refused("first", one, platform).length, 1);
    files.write(
      "second",
      { "shop-1": app("one.platform.test", { team: "content", stable: { version: "4.2" } }) },
      platform,
    );
    assert.deepEqual(files.refused("first", one, platform), []);
  });

  it("share an additional host only if their paths differ", () => {
    const hosts = ["www.platform.test"];
    files.write("cart", { cart: app("cart.platform.test", { hosts, paths: ["/cart"] }) }, platform);
    const clash = (paths?: string[]) =>
      files.refused("shop", { shop: app("shop.platform.test", { hosts, paths }) }, platform);
    assert.deepEqual(clash(), []);
    assert.deepEqual(clash(["/api", "/cart"]), [
      'platform:apps.shop.hosts[0]: expected a host name that nothing else uses, got "www.platform.test", which app cart of stack cart uses',
    ]);
  });

  it("share no host if one of the apps has a route and the other one an Ingress", () => {
    const hosts = ["www.platform.test"];
    const write = (ingress?: unknown) =>
      files.write(
        "cart",
        { cart: app("cart.platform.test", { hosts, paths: ["/cart"], ingress }) },
        platform,
      );
    const errors = (ingress?: object, paths?: string[]) => {
      const shop = app("shop.platform.test", { hosts, paths, ingress });
      return files.refused("shop", { shop }, platform);
    };
    const mixed = (theirs: string) =>
      `platform:apps.shop.hosts[0]: expected a host name that no app with ${theirs} uses, got "www.platform.test", which app cart of stack cart uses; give both apps a route or both an Ingress, or serve them on different hosts`;
    write({});
    assert.deepEqual(errors(), [mixed("an Ingress")]);
    assert.deepEqual(errors({}), []);
    assert.equal(errors(undefined, ["/cart"]).length, 1);
    write({ className: "nginx" });
    assert.deepEqual(errors(), []);
    write();
    assert.deepEqual(errors({}), [mixed("a route")]);
    assert.deepEqual(errors({ className: "nginx" }), []);
    write(null);
    assert.deepEqual(errors(), []);
  });

  it("may call each other's apps, but none that no stack declares", () => {
    files.write("cart", { cart: app("cart.platform.test") }, platform);
    files.write(
      "elsewhere",
      { search: app("search.platform.test") },
      "organization/platform/other",
    );
    const calls = ["cart", "search", "content/cart"];
    const expected =
      "expected an app of this stack (commerce/shop) or of another one of its platform";
    assert.deepEqual(
      files.refused("shop", { shop: app("shop.platform.test", { calls }) }, platform),
      [
        `platform:apps.shop.calls[1]: ${expected}, got "search"`,
        `platform:apps.shop.calls[2]: ${expected}, got "content/cart"`,
      ],
    );
  });

  it("are compared with the platform stack's own apps, from either side", () => {
    const one = { news: app("www.platform.test") };
    const other = { shop: app("www.platform.test") };
    files.write("online", one);
    assert.equal(files.refused("shop", other, platform).length, 1);
    files.write("shop", other, platform);
    assert.equal(files.refused("online", one).length, 1);
  });

  it("are not compared with those of other platforms, nor with stacks without a platform stack", () => {
    const apps = { shop: app("www.platform.test") };
    files.write("other", apps, "organization/platform/dev");
    files.write("alone", apps);
    assert.deepEqual(files.refused("shop", apps, platform), []);
    assert.deepEqual(files.refused("dev-alone", apps), []);
  });

  it("are not blocked by another stack's invalid file", () => {
    const apps = { shop: app("www.platform.test") };
    for (const text of ["www.platform.test: [", "www.platform.test", "config: www.platform.test"]) {
      writeFileSync(join(files.folder, "Pulumi.broken.yaml"), text);
      assert.deepEqual(files.refused("shop", apps, platform), [], text);
    }
    files.write("odd", { news: "www.platform.test", list: ["www.platform.test"] }, platform);
    assert.deepEqual(files.refused("shop", apps, platform), []);
  });
});
