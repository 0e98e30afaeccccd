import assert from "node:assert/strict";
import { app, platform, StackFiles } from "./stacks";

/** A setting of `shop` and one of `shop-api` for which both would declare an object of the same name. */
const pairs: [kind: string, object: string, ofShop: Setting, ofApi: Setting][] = [
  [
    "a Service name",
    "shop-api-db",
    ["externalServices", "api-db", { host: "db.example.com" }],
    ["externalServices", "db", { addresses: ["192.0.2.7"], port: 3306 }],
  ],
  [
    "a CronJob name",
    "shop-api-report",
    ["cron", "api-report", { schedule: "0 2 * * *", command: ["report"] }],
    ["cron", "report", { schedule: "0 3 * * *", command: ["report"] }],
  ],
  [
    "a claim's name",
    "shop-api-data",
    ["volumes", "api-data", volume()],
    ["volumes", "data", volume()],
  ],
  [
    "a name of a Secret",
    "shop-api-token",
    ["externalSecrets", "api-token", secret("token")],
    ["externalSecrets", "token", secret("token")],
  ],
];

type Setting = [key: string, name: string, value: object];

function volume(more: object = {}) {
  return { path: "/data", storageClass: "shared", size: "1Gi", ...more };
}

function secret(key: string) {
  return { store: "vault", data: { value: { key } } };
}

const shop = ([key, name, value]: Setting, more: object = {}) => ({
  shop: app("shop.platform.test", { [key]: { [name]: value }, ...more }),
});

const api = ([key, name, value]: Setting, more: object = {}) => ({
  "shop-api": app("api.platform.test", { [key]: { [name]: value }, ...more }),
});

describe("objects of apps in two stacks of one platform", () => {
  let files: StackFiles;
  beforeEach(() => {
    files = new StackFiles();
  });
  afterEach(() => files.remove());

  for (const [kind, object, ofShop, ofApi] of pairs) {
    const key = ([section, name]: Setting) => `${section}.${name}`;
    it(`have each ${kind.replace("a ", "")} once in a team, whichever stack adds it`, () => {
      const text = `expected ${kind} within the team that nothing else uses, got "${object}", which app`;
      files.write("first", shop(ofShop), platform);
      assert.deepEqual(files.refused("second", api(ofApi), platform), [
        `platform:apps.shop-api.${key(ofApi)}: ${text} shop of stack first uses`,
      ]);
      files.write("second", api(ofApi), platform);
      assert.deepEqual(files.refused("first", shop(ofShop), platform), [
        `platform:apps.shop.${key(ofShop)}: ${text} shop-api of stack second uses`,
      ]);
      // Another namespace.
      assert.deepEqual(files.refused("first", shop(ofShop, { team: "content" }), platform), []);
    });
  }

  it("have the Services of an app's releases once", () => {
    for (const role of ["stable", "canary"]) {
      const service: Setting = ["externalServices", `api-${role}`, { host: "db.example.com" }];
      const other = { "shop-api": app("api.platform.test") };
      const text = `expected a Service name within the team that nothing else uses, got "shop-api-${role}", which app`;
      files.write("first", shop(service), platform);
      assert.deepEqual(files.refused("second", other, platform), [
        `platform:apps.shop-api: ${text} shop of stack first uses`,
      ]);
      files.write("second", other, platform);
      assert.deepEqual(files.refused("first", shop(service), platform), [
        `platform:apps.shop.externalServices.api-${role}: ${text} shop-api of stack second uses`,
      ]);
    }
  });

  it("may share a name if they are not the same object", () => {
    const first = shop(["externalSecrets", "api-token", secret("one")], {
      volumes: { "api-data": volume({ per: "pod" }) },
      cron: { "api-report": { schedule: "0 2 * * *", command: ["report"] } },
    });
    const second = api(["externalSecrets", "token", secret("another")], {
      volumes: { data: volume({ per: "pod" }), report: volume({ path: "/reports" }) },
    });
    files.write("first", first, platform);
    assert.deepEqual(files.refused("second", second, platform), []);
  });

  it("are compared with another stack's app whose other settings are invalid", () => {
    const [, , ofShop, ofApi] = pairs[1]!;
    const odd = { volumes: "none", hosts: 5, canaryFor: {}, stable: [] };
    files.write("first", shop(ofShop, odd), platform);
    assert.equal(files.refused("second", api(ofApi), platform).length, 1);
    files.write("first", shop(["cron", "api-report", []]), platform);
    assert.deepEqual(files.refused("second", api(ofApi), platform), []);
  });
});

describe("routes of apps in two stacks of one platform", () => {
  let files: StackFiles;
  beforeEach(() => {
    files = new StackFiles();
  });
  afterEach(() => files.remove());

  const headers = (count: number) =>
    Object.fromEntries([..."abcdefgh"].slice(0, count).map((name) => [`x-${name}`, "1"]));
  const hosts = ["www.example.com"];
  const shorter = (count: number) => ({
    shop: app("shop.platform.test", {
      hosts,
      paths: ["/api"],
      canaryFor: [{ headers: headers(1) }, { headers: headers(count) }],
    }),
  });
  const longer = {
    other: app("o.platform.test", { team: "content", hosts, paths: ["/x", "/api/v2"] }),
  };

  it("get the requests for the longer path, including those for the other app's canary", () => {
    files.write("first", shorter(8), platform);
    assert.deepEqual(files.refused("second", longer, platform), [
      'platform:apps.other.paths[1]: expected a path to which the gateway gives precedence over canaryFor[1] of app shop of stack first, which has 8 for headers and cookies, and 0 for parameters, got "www.example.com/api/v2"; lengthen it, name fewer conditions there, or serve the two apps on different hosts',
    ]);
    files.write("second", longer, platform);
    assert.deepEqual(files.refused("first", shorter(8), platform), [
      'platform:apps.shop.canaryFor[1]: expected fewer conditions, so that the longer path "www.example.com/api/v2" of app other of stack second takes precedence, got 8 for headers and cookies, and 0 for parameters; name fewer of them, lengthen that path, or serve the two apps on different hosts',
    ]);
  });

  it("may share a host if no canary takes the other app's requests", () => {
    files.write("first", shorter(2), platform);
    assert.deepEqual(files.refused("second", longer, platform), []);
    files.write("second", longer, platform);
    assert.deepEqual(files.refused("first", shorter(2), platform), []);
    files.write("second", longer, "organization/platform/other");
    assert.deepEqual(files.refused("first", shorter(8), platform), []);
  });
});
