import assert from "node:assert/strict";
import { additionalHostsOf, parseStack, type StackConfig } from "../../../config";
import { errorsIn } from "./errors-of";
import { small } from "./small";

const other = {
  team: "commerce",
  domain: "cart.platform.test",
  image: "harbor.platform.test/shop/cart",
  stable: { version: "1.0.0" },
};

/** Returns the small config with other settings of its app, and a second app. */
function parsed(shop: object, cart: object = {}, components: object = {}): StackConfig {
  return parseStack("dev", {
    ...small,
    components: { ...small.components, ...components },
    apps: { shop: { ...small.apps.shop, ...shop }, cart: { ...other, ...cart } },
  });
}

const errorsOf = (...args: Parameters<typeof parsed>) => errorsIn(() => parsed(...args));

describe("where an app is served", () => {
  it("is its domain, additional hosts, and paths at each of them", () => {
    const hosts = ["www.platform.test", "m.platform.test"];
    const { shop } = parsed({ hosts, paths: ["/api/v2", "/.well-known"] }).apps;
    assert.deepEqual(shop?.hosts, hosts);
    assert.deepEqual(parsed({}).apps["shop"]?.paths, ["/"]);
  });

  for (const path of ["api", "/api/", "//", "/a/../b", "/a b", "/%2f"]) {
    it(`is not a path such as ${path}`, () => {
      assert.match(
        errorsOf({ paths: [path] }).join(),
        /paths\[0\]: expected a path without a final/,
      );
    });
  }

  it("has each host and path once", () => {
    assert.match(
      errorsOf({ hosts: ["a.test", "a.test"] }).join(),
      /hosts: expected each host once/,
    );
    assert.match(errorsOf({ paths: ["/a", "/a"] }).join(), /paths: expected each path once/);
    const hosts = ["www.platform.test"];
    assert.deepEqual(errorsOf({ hosts }, { hosts }), [
      'platform:apps.cart.hosts[0]: expected a host name that nothing else uses, got "www.platform.test", which platform:apps.shop.hosts[0] uses',
    ]);
    assert.deepEqual(errorsOf({ hosts, paths: ["/shop"] }, { hosts, paths: ["/shop"] }), [
      'platform:apps.cart.hosts[0]: expected a host name that nothing else uses, got "www.platform.test/shop", which platform:apps.shop.hosts[0] uses',
    ]);
    assert.deepEqual(errorsOf({ hosts, paths: ["/shop"] }, { hosts }), []);
  });

  it("shares a host only with apps that have the same kind of entrance", () => {
    const at = (path: string, ingress?: object) => ({
      ...{ hosts: ["www.platform.test"], paths: [path], ingress },
      canary: undefined,
    });
    const mixed = (theirs: string) =>
      `platform:apps.cart.hosts[0]: expected a host name that no app with ${theirs} uses, got "www.platform.test", which platform:apps.shop uses; give both apps a route or both an Ingress, or serve them on different hosts`;
    assert.deepEqual(errorsOf(at("/"), at("/cart", {})), [mixed("a route")]);
    assert.deepEqual(errorsOf(at("/", {}), at("/cart")), [mixed("an Ingress")]);
    assert.deepEqual(errorsOf(at("/", {}), at("/cart", {})), []);
    assert.deepEqual(errorsOf(at("/"), at("/cart", { className: "nginx" })), []);
    assert.equal(errorsOf(at("/"), at("/", {})).length, 1);
  });

  const two = { headers: { "x-gray": "1" }, cookie: { name: "gray", value: "1" } };
  const on = (path: string, more: object = {}) => ({
    ...{ hosts: ["www.platform.test"], paths: [path] },
    ...more,
  });

  it("gets the requests for the longest path, even those that another app wants for its canary", () => {
    assert.deepEqual(
      errorsOf(on("/api", { canaryFor: [{ cookie: two.cookie }, two] }), on("/api/v")),
      [
        'platform:apps.shop.canaryFor[1]: expected fewer conditions, so that the longer path "www.platform.test/api/v" of platform:apps.cart takes precedence, got 2 for headers and cookies, and 0 for parameters; name fewer of them, lengthen that path, or serve the two apps on different hosts',
      ],
    );
    const query = Object.fromEntries([..."abcdefghij"].map((name) => [name, "1"]));
    const kind = { headers: { "x-gray": "1" }, query };
    assert.equal(errorsOf(on("/api", { canaryFor: [kind] }), on("/api/v")).length, 1);
  });

  it("counts the longest host of each app, as the gateway does", () => {
    const long = `${"a".repeat(60)}.${"b".repeat(60)}.platform.test`;
    const hosts = ["www.platform.test", long];
    const canaryFor = [{ headers: { "x-gray": "1" } }];
    assert.equal(errorsOf(on("/api", { canaryFor }), on("/api/v")).length, 0);
    assert.equal(errorsOf(on("/api", { canaryFor, hosts }), on("/api/v")).length, 1);
  });

  for (const [title, other] of [
    ["a path that is long enough", on("/api/v2")],
    ["another host", on("/api/v", { hosts: ["m.platform.test"] })],
    ["a path that only begins alike", on("/apis")],
  ] as const) {
    it(`may have several conditions for the canary next to ${title}`, () => {
      assert.deepEqual(errorsOf(on("/api", { canaryFor: [two] }), other), []);
    });
  }

  it("may have several conditions for the canary on every path", () => {
    assert.deepEqual(errorsOf(on("/", { canaryFor: [two] }), on("/v")), []);
  });

  it("belongs only to the app if it is its domain, whatever the paths", () => {
    assert.deepEqual(errorsOf({}, { domain: small.apps.shop.domain, paths: ["/cart"] }), [
      'platform:apps.cart.domain: expected a host name that nothing else uses, got "shop.platform.test", which platform:apps.shop.domain uses',
    ]);
    assert.match(
      errorsOf({ hosts: [small.apps.shop.domain] }).join(),
      /shop\.hosts\[0\]: expected a host name that nothing else uses.* platform:apps\.shop\.domain uses/,
    );
    // An additional host of another app, in either order.
    const cart = {
      domain: "cart.platform.test",
      hosts: [small.apps.shop.domain],
      paths: ["/cart"],
    };
    assert.deepEqual(errorsOf({}, cart), [
      'platform:apps.cart.hosts[0]: expected a host name that nothing else uses, got "shop.platform.test", which platform:apps.shop.domain uses',
    ]);
    assert.deepEqual(
      errorsOf(
        { hosts: ["cart.platform.test"], paths: ["/shop"] },
        { domain: "cart.platform.test" },
      ),
      [
        'platform:apps.shop.hosts[0]: expected a host name that nothing else uses, got "cart.platform.test", which platform:apps.cart.domain uses',
      ],
    );
  });

  it("is not a host of the platform", () => {
    const own = (host: string, components: object) => errorsOf({ hosts: [host] }, {}, components);
    assert.match(
      own("grafana.platform.test", { monitoring: {} }).join(),
      /shop\.hosts\[0\]: expected a host name that nothing else uses/,
    );
    assert.match(
      own("dashboard.platform.test", { dashboard: {} }).join(),
      /expected a host name that nothing else uses/,
    );
  });

  it("assigns an additional host to its app in the access log, unless apps share it", () => {
    const stack = parsed(
      { hosts: ["www.platform.test", "m.platform.test"], paths: ["/shop"] },
      { hosts: ["www.platform.test"] },
    );
    assert.deepEqual(additionalHostsOf(stack), { "m.platform.test": "shop" });
  });
});

describe("checks and protocols of the gateway", () => {
  it("include a rate only with middlewares", () => {
    const rateLimit = { perSecond: 20 };
    assert.match(errorsOf({ rateLimit }).join(), /shop\.rateLimit: expected .*middlewares as well/);
    assert.deepEqual(errorsOf({ rateLimit }, {}, { gateway: { middlewares: {} } }), []);
    const ingress = { className: "nginx" };
    assert.match(
      errorsOf(
        { rateLimit, ingress, canary: undefined },
        {},
        { gateway: { middlewares: {} } },
      ).join(),
      /className: expected "traefik", which checks allow, maxBodySize and rateLimit, got "nginx"/,
    );
  });

  it("include HTTP/2 only with a route", () => {
    assert.deepEqual(errorsOf({ protocol: "h2c" }), []);
    assert.deepEqual(errorsOf({ protocol: "h2c", ingress: {}, canary: undefined }), [
      'platform:apps.shop.protocol: expected "http" with ingress, got "h2c"; serve the app through the gateway\'s route',
    ]);
  });
});
