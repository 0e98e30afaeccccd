import assert from "node:assert/strict";
import { InvalidConfig, parseStack, schemeOf, imageTeams } from "../../../config";

function stack(components: object, apps: object = {}): Record<string, unknown> {
  return {
    environment: "dev",
    domain: "platform.test",
    cluster: { kubeconfig: "none", context: "none" },
    components,
    apps,
  };
}

function errors(components: object): string[] {
  try {
    parseStack("dev", stack(components));
    return [];
  } catch (error) {
    assert.ok(error instanceof InvalidConfig, String(error));
    return error.errors.map(({ key, message }) => `${key}: ${message}`);
  }
}

const hosted = { format: "maven2", type: "hosted" };

describe("config of the registry and the store of artifacts", () => {
  const cases: [components: object, expected: string[]][] = [
    [{ registry: {} }, []],
    [
      { registry: { replicas: 2 } },
      [
        "platform:components.registry.replicas: expected 1 replica with a volume that one node mounts at a time, got 2; for more, set storage.type to s3, or shared: true for a volume of a shared class",
      ],
    ],
    [{ registry: { replicas: 2, storage: { type: "volume", shared: true } } }, []],
    [{ registry: { replicas: 2, storage: { type: "s3", bucket: "abc", secret: "s" } } }, []],
    [
      { registry: { replicas: "two" } },
      ['platform:components.registry.replicas: expected an integer from 1 to 10, got "two"'],
    ],
    [
      { registry: { garbageCollection: "0 2 * * *" } },
      [
        'platform:components.registry.garbageCollection: expected a schedule of six fields with one space between them, seconds first, for example 0 0 2 * * 6 for Saturdays at 2:00 UTC, got "0 2 * * *"',
      ],
    ],
    [
      { registry: { storage: { type: "s3", bucket: "abc" } } },
      [
        "platform:components.registry.storage.secret: expected a name of lower-case letters, digits and dashes that starts with a letter, at most 40 characters, got nothing",
      ],
    ],
    [
      { registry: { external: { address: "https://images.example.com", credentials: {} } } },
      [
        `platform:components.registry.external.address: expected a registry's host in lower case, with a port or without, for example harbor.example.com, got "https://images.example.com"`,
        "platform:components.registry.external.credentials.username: expected a string, got nothing",
        "platform:components.registry.external.credentials.password: expected a string that is not empty, got nothing; set it with pulumi config set --secret --path",
      ],
    ],
    [
      {
        registry: {
          external: { address: "a.example.com", credentials: { username: "u", password: 12345 } },
        },
      },
      [
        "platform:components.registry.external.credentials.password: expected a string that is not empty, got another value (not shown); set it with pulumi config set --secret --path",
      ],
    ],
    [
      { artifacts: { repositories: {}, replicas: 2 } },
      [
        "platform:components.artifacts.replicas: expected 1 replica, got 2; only high availability of the Pro license, which this program does not support, lets several pods share a database",
      ],
    ],
    [
      {
        artifacts: {
          repositories: {
            releases: hosted,
            all: { format: "maven2", type: "group", members: ["releases", "copies"] },
            other: { format: "npm", type: "group", members: ["releases"] },
          },
        },
      },
      [
        'platform:components.artifacts.repositories.all.members: expected a proxy or hosted repository of format maven2 (releases), got "copies"',
        'platform:components.artifacts.repositories.other.members: expected a proxy or hosted repository of format npm (there is none), got "releases"',
      ],
    ],
    [
      { artifacts: { repositories: { releases: hosted }, blobStores: ["npm"] } },
      [
        'platform:components.artifacts.blobStores: expected a list with maven2, because repositories of that format are stored there, got ["npm"]',
      ],
    ],
    [
      { artifacts: { repositories: { releases: hosted }, acceptEula: "yes" } },
      ['platform:components.artifacts.acceptEula: expected true or false, got "yes"'],
    ],
    [
      { artifacts: { repositories: { files: { format: "raw", type: "proxy" } } } },
      [
        "platform:components.artifacts.repositories.files.remote: expected an address such as https://repo.example.com/, got nothing",
      ],
    ],
  ];
  for (const [components, expected] of cases) {
    it(`reports for ${JSON.stringify(components).slice(0, 90)}: ${expected.length === 0 ? "nothing" : "what is wrong"}`, () => {
      assert.deepEqual(errors(components), expected);
    });
  }

  it("names an unknown key of either form of the registry", () => {
    const [inner, ...others] = errors({ registry: { replica: 2 } });
    assert.match(
      inner ?? "",
      /^platform:components\.registry\.replica: expected one of the keys .*, got "replica"; did you mean "replicas"\?/,
    );
    assert.deepEqual(others, []);
    const credentials = { username: "u", password: "p" };
    const [outer] = errors({
      registry: { external: { adress: "x", address: "a.example.com", credentials } },
    });
    assert.match(
      outer ?? "",
      /^platform:components\.registry\.external\.adress: expected one of the keys address, credentials, got "adress"; did you mean "address"\?/,
    );
  });
});

describe("teams of a stack", () => {
  it("are those with a quota and those with an app, each with its apps' domains", () => {
    const app = (team: string, domain: string) => ({
      team,
      domain,
      image: "images.platform.test/app",
      stable: { version: "1.0.0" },
    });
    const parsed = parseStack(
      "dev",
      stack(
        { tenancy: { teams: { commerce: {}, idle: {} } } },
        {
          web: app("commerce", "web.platform.test"),
          shop: app("commerce", "shop.platform.test"),
        },
      ),
    );
    assert.deepEqual(imageTeams(parsed), {
      commerce: {
        namespace: "commerce-dev",
        domains: ["shop.platform.test", "web.platform.test"],
      },
      idle: { namespace: "idle-dev", domains: [] },
    });
  });

  it("are reached over HTTPS once the gateway has a certificate", () => {
    assert.equal(schemeOf(parseStack("dev", stack({ gateway: {} }))), "http");
    assert.equal(
      schemeOf(parseStack("dev", stack({ gateway: { tls: { secret: "tls" } } }))),
      "https",
    );
  });
});
