import assert from "node:assert/strict";
import { parseStack } from "../../../../config";
import { valid, errorsOf } from "./valid";

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

describe("config errors", () => {
  it("accepts the smallest config and adds the defaults", () => {
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
      "releases.soak",
      86400,
      "platform:releases.soak: expected a duration in s, m, h or d, for example 30m, got 86400",
    ],
    [
      "apps.shop.domain",
      true,
      "platform:apps.shop.domain: expected a host name in lower case, for example shop.example.com, got true",
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
      "apps.shop.steps.patience",
      /^platform:apps\.shop\.steps\.patience: expected one of the keys .*, got "patience"; it was renamed to timeout$/,
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
});
