import assert from "node:assert/strict";
import { InvalidConfig, namespaceOf, parseStack } from "../../../config";

/** Returns the smallest valid config. */
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

/** Returns the errors of a config that differs from the valid one at a path. */
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
    assert.deepEqual(stack.apps["shop"]?.scaling, {
      min: 2,
      max: 10,
      cpu: 70,
      queries: {},
      times: [],
    });
    assert.equal(stack.releases.soak, 86_400);
    assert.equal(stack.apps["shop"]?.stable.revision, 1);
  });

  const cases: [path: string, value: unknown, message: string][] = [
    [
      "environment",
      "prod",
      'platform:environment: expected one of dev, test, gray, online, got "prod"',
    ],
    [
      "environment",
      undefined,
      "platform:environment: expected one of dev, test, gray, online, got nothing",
    ],
    [
      "domain",
      undefined,
      "platform:domain: expected a host name in lower case, for example shop.example.com, got nothing",
    ],
    [
      "domain",
      "Platform",
      'platform:domain: expected a host name in lower case, for example shop.example.com, got "Platform"',
    ],
    [
      "apps.shop.stable.version",
      1.5,
      "platform:apps.shop.stable.version: expected a string, got 1.5; write it in quotes, because YAML reads it as a number",
    ],
    [
      "apps.shop.env",
      { DEBUG: true },
      "platform:apps.shop.env.DEBUG: expected a string, got true; write it in quotes, because YAML reads it as true or false",
    ],
    [
      "apps.shop.canary",
      { version: "1.5.0", weight: "10" },
      'platform:apps.shop.canary.weight: expected an integer from 0 to 100, got "10"; write it without quotes',
    ],
    [
      "components.gateway",
      { tls: { secret: "tls", redirect: "true" } },
      'platform:components.gateway.tls.redirect: expected true or false, got "true"; write it without quotes',
    ],
    [
      "components.ci",
      { stacks: { prod: { stack: "prod" } } },
      'platform:components.ci.stacks.prod: expected one of the keys dev, gray, online, test, got "prod"',
    ],
    [
      "apps.shop.canary",
      { version: "1.5.0", weight: 140 },
      "platform:apps.shop.canary.weight: expected an integer from 0 to 100, got 140",
    ],
    [
      "apps.shop.canary",
      { version: "1.5.0", weight: 0.5 },
      "platform:apps.shop.canary.weight: expected an integer from 0 to 100, got 0.5",
    ],
    [
      "apps.shop.canary",
      { version: "1.4.2", weight: 10 },
      'platform:apps.shop.canary.version: expected a version other than the stable one, or a higher revision, got "1.4.2"',
    ],
    [
      "apps.shop.team",
      "sales",
      'platform:apps.shop.team: expected a team of platform:components.tenancy.teams (commerce), got "sales"',
    ],
    [
      "apps.shop.scaling",
      { min: 5, max: 3 },
      "platform:apps.shop.scaling: expected a min of at most max, got min 5 and max 3",
    ],
    [
      "apps.shop.resources",
      { requests: { cpu: "much", memory: "1Gi" }, limits: { cpu: "1", memory: "1Gi" } },
      'platform:apps.shop.resources.requests.cpu: expected CPU in cores or millicores, for example "2" or 250m, got "much"',
    ],
    [
      "apps.shop.nodeGroup",
      "fast",
      'platform:apps.shop.nodeGroup: expected a group of platform:nodeGroups (there is none), got "fast"',
    ],
    [
      "branch",
      "feature/x",
      'platform:branch: expected a branch in environment test only, got "feature/x" in environment dev',
    ],
    [
      "apps.shop.probes",
      { readiness: { path: "/", tcp: true } },
      "platform:apps.shop.probes.readiness: expected exactly one of path, tcp and command, got none or several",
    ],
    [
      "apps.shop.port",
      80,
      "platform:apps.shop.port: expected an integer from 1024 to 65535, got 80",
    ],
    [
      "components.gateway",
      { exposure: { type: "HostNetwork" } },
      'platform:components.gateway.exposure.type: expected one of NodePort, LoadBalancer, HostPort, got "HostNetwork"',
    ],
    [
      "apps.Shop",
      {},
      'platform:apps.Shop: expected a name of lower-case letters, digits and dashes that starts with a letter, at most 40 characters, got "Shop"',
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
    [
      "enviroment",
      /^platform:enviroment: expected one of the keys .*, got "enviroment"; did you mean "environment"\?/,
    ],
    [
      "components.gatway",
      /^platform:components\.gatway: expected one of the keys [a-z, ]+, got "gatway"; did you mean "gateway"\?$/,
    ],
    [
      "apps.shop.replicas",
      /^platform:apps\.shop\.replicas: expected one of the keys .*, got "replicas"$/,
    ],
    [
      "apps.shop.stable.verison",
      /^platform:apps\.shop\.stable\.verison: expected one of the keys .*, got "verison"; did you mean "version"\?/,
    ],
    [
      "components.gateway.exposure",
      /^platform:components\.gateway\.exposure\.type: expected one of .*, got nothing$/,
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
      'platform:environment: expected one of dev, test, gray, online, got "x"',
      "platform:cluster.kubeconfig: expected a string, got nothing",
      "platform:cluster.context: expected a string, got nothing",
      'platform:images.miror: expected one of the keys digests, mirror, got "miror"; did you mean "mirror"?',
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
      'platform:apps.web.domain: expected a host name that nothing else uses, got "shop.platform.test", which platform:apps.shop.domain uses',
    ]);
  });

  it("refuses one node port for two apps, or for an app and the gateway", () => {
    const config = withSecondApp({ domain: "web.platform.test", number: 7 });
    const apps = config["apps"] as Record<string, Record<string, unknown>>;
    apps["shop"] = { ...apps["shop"], number: 7 };
    const components = config["components"] as Record<string, unknown>;
    components["gateway"] = { exposure: { type: "NodePort", http: 31007 } };
    assert.deepEqual(errorsOf(config), [
      "platform:apps.shop.number: expected a node port that nothing else uses, got 31007, which platform:components.gateway.exposure.http uses",
      "platform:apps.web.number: expected a node port that nothing else uses, got 31007, which platform:components.gateway.exposure.http uses",
    ]);
  });

  it("refuses an Ingress beside a canary, and where every release must be canary first", () => {
    const config = withApp({ ingress: {}, canary: { version: "1.5.0", weight: 10 } });
    assert.deepEqual(errorsOf(config), [
      'platform:apps.shop.canary: expected no canary with ingress, got "1.5.0"; an Ingress cannot split requests',
      "platform:apps.shop.ingress: expected no Ingress if platform:releases.forcedCanary is true, got one; an Ingress cannot split requests, so that no release could become stable; remove it to use the gateway's route",
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
      'platform:apps.shop.externalServices.canary: expected a Service name that nothing else uses, got "shop-canary", which platform:apps.shop uses',
    ]);
    const long = "x".repeat(32);
    assert.deepEqual(errorsOf(withApp({ externalServices: { [long]: external } })), []);
    const apps = { [long]: { ...shopOf(valid()), externalServices: { [long]: external } } };
    assert.deepEqual(errorsOf({ ...valid(), apps }), [
      `platform:apps.${long}.externalServices.${long}: expected at most 63 characters in the Service name <app>-<name>, got "${long}-${"x".repeat(23)}… of 65`,
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
      'platform:branch: expected a branch in environment test only, got "Feature/Pay" in environment dev',
      "platform:components.gateway: expected only placement and tenancy in a branch's stack, got gateway; a branch uses the one of the common environment",
    ]);
  });

  it("refuses the freeze of a team that is not there", () => {
    const freeze = { until: "2027-01-01T00:00:00Z", reason: "sale" };
    assert.deepEqual(errorsOf({ ...valid(), teamFreezes: { commerce: freeze } }), []);
    assert.deepEqual(errorsOf({ ...valid(), teamFreezes: { comerce: freeze } }), [
      'platform:teamFreezes.comerce: expected a team of this stack (commerce), got "comerce"',
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
      assert.match(message, /^platform:freeze\.until: .*expected a UTC time such as/);
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
