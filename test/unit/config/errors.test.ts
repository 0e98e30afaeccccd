import assert from "node:assert/strict";
import { InvalidConfig, namespaceOf, parseStack } from "../../../config";

/** The smallest config that is whole. */
function valid(): Record<string, unknown> {
  return {
    environment: "dev",
    domain: "platform.test",
    cluster: { kubeconfig: ".kube/config", context: "dev" },
    components: { tenancy: { teams: { commerce: {} } } },
    apps: {
      shop: {
        team: "commerce",
        domain: "shop.platform.test",
        image: "harbor.platform.test/shop/shop",
        stable: { version: "1.4.2" },
      },
    },
  };
}

/** Errors of a config that differs from the valid one at a path. */
function errorsWith(path: string, value: unknown): string[] {
  const config = valid();
  const parts = path.split(".");
  const last = parts.pop() ?? "";
  const parent = parts.reduce<Record<string, unknown>>((at, part) => {
    at[part] ??= {};
    return at[part] as Record<string, unknown>;
  }, config);
  parent[last] = value;
  return errorsOf(config);
}

function errorsOf(config: Record<string, unknown>): string[] {
  try {
    parseStack("dev", config);
    return [];
  } catch (error) {
    assert.ok(error instanceof InvalidConfig, String(error));
    return error.errors.map(({ key, message }) => `${key}: ${message}`);
  }
}

describe("config errors", () => {
  it("accepts the smallest config and fills in the defaults", () => {
    const stack = parseStack("dev", valid());
    assert.deepEqual(stack.apps["shop"]?.scaling, { min: 2, max: 10, cpu: 70 });
    assert.equal(stack.releases.soak, 86_400);
    assert.equal(stack.apps["shop"]?.stable.revision, 1);
  });

  const cases: [path: string, value: unknown, message: string][] = [
    [
      "environment",
      "prod",
      'platform:environment: "prod" is given, allowed is one of dev, test, gray, online',
    ],
    [
      "environment",
      undefined,
      "platform:environment: missing; allowed is one of dev, test, gray, online",
    ],
    ["domain", undefined, "platform:domain: missing; a string is required"],
    [
      "domain",
      "Platform",
      'platform:domain: "Platform" is given, allowed is a host name in lower case, for example shop.example.com',
    ],
    [
      "apps.shop.stable.version",
      1.5,
      "platform:apps.shop.stable.version: 1.5 is given, allowed is a string; write it in quotes, as YAML reads it as a number",
    ],
    [
      "apps.shop.canary",
      { version: "1.5.0", weight: 140 },
      "platform:apps.shop.canary.weight: 140 is given, allowed is a number of at most 100",
    ],
    [
      "apps.shop.canary",
      { version: "1.5.0", weight: 0.5 },
      "platform:apps.shop.canary.weight: 0.5 is given, allowed is a whole number",
    ],
    [
      "apps.shop.canary",
      { version: "1.4.2", weight: 10 },
      'platform:apps.shop.canary.version: "1.4.2" is given, which is the stable release already; allowed is another version, or a higher revision',
    ],
    [
      "apps.shop.team",
      "sales",
      'platform:apps.shop.team: "sales" is given, allowed is a team of platform:components.tenancy.teams: commerce',
    ],
    [
      "apps.shop.scaling",
      { min: 5, max: 3 },
      "platform:apps.shop.scaling: min 5 and max 3 are given, allowed is a min that is not above max",
    ],
    [
      "apps.shop.resources",
      { requests: { cpu: "much", memory: "1Gi" }, limits: { cpu: "1", memory: "1Gi" } },
      'platform:apps.shop.resources.requests.cpu: "much" is given, allowed is CPU in cores or millicores, for example "2" or 250m',
    ],
    [
      "apps.shop.nodeGroup",
      "fast",
      'platform:apps.shop.nodeGroup: "fast" is given, allowed is a group of platform:nodeGroups: there is none',
    ],
    [
      "branch",
      "feature/x",
      'platform:branch: "feature/x" is given in environment dev; a branch has an environment of its own in test only',
    ],
    [
      "apps.shop.probes",
      { readiness: { path: "/", tcp: true } },
      "platform:apps.shop.probes.readiness: exactly one of path, tcp and command is allowed",
    ],
    [
      "apps.shop.port",
      80,
      "platform:apps.shop.port: 80 is given, allowed is a number of at least 1024",
    ],
    [
      "components.gateway",
      { exposure: { type: "HostNetwork" } },
      'platform:components.gateway.exposure.type: "HostNetwork" is given, allowed is one of NodePort, LoadBalancer, HostPort',
    ],
    [
      "apps.Shop",
      {},
      "platform:apps.Shop: not a valid name; allowed is a name of lower-case letters, digits and dashes that starts with a letter, at most 40 characters",
    ],
  ];
  for (const [path, value, message] of cases) {
    it(`names the key, the value and what is allowed: ${message.slice(0, 60)}`, () => {
      assert.deepEqual(
        errorsWith(path, value).filter((text) => text.startsWith(`platform:${path}`)),
        [message],
      );
    });
  }

  const unknown: [path: string, message: RegExp][] = [
    ["enviroment", /^platform:enviroment: unknown key; did you mean "environment"\?/],
    [
      "components.gatway",
      /^platform:components\.gatway: unknown key; did you mean "gateway"\? Allowed are [a-z, ]+$/,
    ],
    ["apps.shop.replicas", /^platform:apps\.shop\.replicas: unknown key; did you mean /],
    [
      "apps.shop.stable.verison",
      /^platform:apps\.shop\.stable\.verison: unknown key; did you mean "version"\?/,
    ],
    [
      "components.gateway.exposure",
      /^platform:components\.gateway\.exposure\.type: missing; allowed is one of/,
    ],
  ];
  for (const [path, message] of unknown) {
    it(`suggests the nearest name for ${path}`, () => {
      const errors = errorsWith(path, {});
      assert.ok(
        errors.some((error) => message.test(error)),
        errors.join("\n"),
      );
    });
  }

  it("lists every error at once", () => {
    const config = { ...valid(), environment: "x", images: { miror: "m" }, cluster: {} };
    assert.deepEqual(errorsOf(config), [
      'platform:environment: "x" is given, allowed is one of dev, test, gray, online',
      "platform:cluster.kubeconfig: missing; a string is required",
      "platform:cluster.context: missing; a string is required",
      'platform:images.miror: unknown key; did you mean "mirror"? Allowed are digests, mirror',
    ]);
  });

  it("says in the first line which stack it is and that nothing was changed", () => {
    assert.throws(
      () => parseStack("prod", { ...valid(), environment: "x" }),
      /The config of stack "prod" has 1 error; nothing was changed\.\n {2}platform:environment/,
    );
  });

  it("refuses one host name for two apps", () => {
    assert.deepEqual(errorsOf(withSecondApp({})), [
      'platform:apps.web.domain: "shop.platform.test" is given, which platform:apps.shop.domain has already; allowed is a host of its own',
    ]);
  });

  it("refuses one node port for two apps, or for an app and the gateway", () => {
    const config = withSecondApp({ domain: "web.platform.test", number: 7 });
    const apps = config["apps"] as Record<string, Record<string, unknown>>;
    apps["shop"] = { ...apps["shop"], number: 7 };
    const components = config["components"] as Record<string, unknown>;
    components["gateway"] = { exposure: { type: "NodePort", http: 31007 } };
    assert.deepEqual(errorsOf(config), [
      "platform:apps.shop.number: 31007 is given, which platform:components.gateway.exposure.http has already; allowed is a node port of its own",
      "platform:apps.web.number: 31007 is given, which platform:components.gateway.exposure.http has already; allowed is a node port of its own",
    ]);
  });

  it("refuses an Ingress beside a canary, and where every release must be canary first", () => {
    const config = withApp({ ingress: {}, canary: { version: "1.5.0", weight: 10 } });
    assert.deepEqual(errorsOf(config), [
      'platform:apps.shop.canary: "1.5.0" is given beside ingress; an Ingress cannot divide requests: allowed is one of the two',
      "platform:apps.shop.ingress: an Ingress is given where platform:releases.forcedCanary is true; an Ingress cannot divide requests, so no release could ever become stable: allowed is the gateway's route",
    ]);
    assert.deepEqual(
      errorsOf({ ...withApp({ ingress: {} }), releases: { forcedCanary: false } }),
      [],
    );
  });

  it("refuses Service names that two apps, or two uses of one, come to", () => {
    const external = { host: "db.example.com" };
    const config = withApp({ externalServices: { canary: external } });
    assert.deepEqual(errorsOf(config), [
      'platform:apps.shop.externalServices.canary: "shop-canary" is given, which platform:apps.shop has already; allowed is a Service name of its own',
    ]);
    const long = "x".repeat(32);
    assert.deepEqual(errorsOf(withApp({ externalServices: { [long]: external } })), []);
    const apps = { [long]: { ...shopOf(valid()), externalServices: { [long]: external } } };
    assert.deepEqual(errorsOf({ ...valid(), apps }), [
      `platform:apps.${long}.externalServices.${long}: the Service would be named "${long}-${"x".repeat(23)}…, of 65 characters; allowed are 63 for the app's name, a dash and this one together`,
    ]);
  });

  it("gives a branch an environment of its own in test, with its apps only", () => {
    const config: Record<string, unknown> = {
      ...valid(),
      environment: "test",
      branch: "Feature/Pay",
    };
    const stack = parseStack("test", config);
    assert.equal(stack.apps["shop"]?.domain, "featur-8cc19830-shop.platform.test");
    assert.equal(namespaceOf("commerce", stack), "commerce-test-featur-8cc19830");
    config["environment"] = "dev";
    config["components"] = { gateway: {} };
    assert.deepEqual(errorsOf(config), [
      'platform:branch: "Feature/Pay" is given in environment dev; a branch has an environment of its own in test only',
      "platform:components.gateway: is given in the stack of a branch, which uses the common environment's; allowed are placement, tenancy",
    ]);
  });

  it("refuses the freeze of a team that is not there", () => {
    const freeze = { until: "2027-01-01T00:00:00Z", reason: "sale" };
    assert.deepEqual(errorsOf({ ...valid(), teamFreezes: { commerce: freeze } }), []);
    assert.deepEqual(errorsOf({ ...valid(), teamFreezes: { comerce: freeze } }), [
      'platform:teamFreezes.comerce: "comerce" is given, allowed is a team of this stack: commerce',
    ]);
  });

  it("reads a time as the engine hands it on when the file holds it without quotes", () => {
    const untilOf = (until: string) =>
      parseStack("dev", { ...valid(), freeze: { until, reason: "sale" } }).freeze?.until;
    assert.equal(untilOf("2026-11-21 09:01:45.026 +0000 UTC"), "2026-11-21T09:01:45.026Z");
    assert.equal(untilOf("2027-01-01 00:00:00 +0000 UTC"), "2027-01-01T00:00:00Z");
    assert.equal(untilOf("2027-01-01T00:00:00Z"), "2027-01-01T00:00:00Z");
    const wrong = ["2027-01-01 00:00:00 +0100 CET", "2027-13-01 00:00:00 +0000 UTC", undefined];
    for (const until of wrong) {
      const [message = ""] = errorsOf({ ...valid(), freeze: { until, reason: "sale" } });
      assert.match(message, /^platform:freeze\.until: .*(a UTC time such as|missing; a string)/);
    }
  });

  function shopOf(config: Record<string, unknown>): object {
    return (config["apps"] as Record<string, object>)["shop"] ?? {};
  }

  function withApp(fields: Record<string, unknown>): Record<string, unknown> {
    const config = valid();
    return { ...config, apps: { shop: { ...shopOf(config), ...fields } } };
  }

  function withSecondApp(fields: Record<string, unknown>): Record<string, unknown> {
    const config = valid();
    const apps = config["apps"] as Record<string, object>;
    apps["web"] = { ...apps["shop"], ...fields };
    return config;
  }
});
