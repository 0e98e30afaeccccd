import assert from "node:assert/strict";
import {
  InvalidConfig,
  parseStack,
  pipelineGroupsOf,
  pipelinesOf,
  type StackConfig,
} from "../../../config";

const repository = { url: "https://git.test/ops/platform.git" };
const stacks = { dev: { stack: "dev" } };
const app = { image: "harbor.test/shop", stable: { version: "1.0.0" } };

function stack(ci: object, values: { apps?: object; tenancy?: object } = {}): StackConfig {
  const { apps = {}, tenancy } = values;
  return parseStack("test", {
    environment: "dev",
    domain: "dev.platform.test",
    cluster: { kubeconfig: "none", context: "none" },
    components: { ci, ...(tenancy === undefined ? {} : { tenancy }) },
    apps,
  });
}

function errors(ci: object, apps: object = {}): string[] {
  try {
    stack(ci, { apps });
  } catch (error) {
    assert.ok(error instanceof InvalidConfig);
    return error.errors.map(({ key, message }) => `${key}: ${message}`);
  }
  return [];
}

describe("the config of continuous integration", () => {
  it("needs nothing for a Jenkins that runs elsewhere", () => {
    assert.deepEqual(errors({ external: { address: "https://jenkins.test" } }), []);
  });

  it("needs the repository and a stack for one in the cluster", () => {
    assert.deepEqual(errors({}), [
      "platform:components.ci.repository: expected the repository of this program, which Jenkins loads its pipelines from, got nothing",
      "platform:components.ci.stacks: expected at least one environment with its stack, got none",
    ]);
    assert.deepEqual(errors({ repository, stacks }), []);
  });

  it("refuses groups if the login does not support them", () => {
    assert.deepEqual(errors({ repository, stacks, administrators: ["operations"] }), [
      'platform:components.ci.administrators: expected no groups with a local login, which has none, got ["operations"]; remove them, or set platform:components.ci.login',
    ]);
  });

  it("accepts only the API of the repository's own GitLab, which gets the token", () => {
    const url = "https://git.test:8443/gitlab/ops/platform.git";
    const found = (api: string) => errors({ repository: { url, api }, stacks });
    assert.deepEqual(found("https://git.test:8443/gitlab/api/v4"), []);
    assert.deepEqual(found("https://git.test:8443/api/v4"), []);
    for (const api of [
      "https://other.test/gitlab/api/v4",
      "https://git.test:8443/git/api/v4",
      "https://git.test:8443/gitlab",
      "https://git.test:8443/gitlab/api/v4/",
    ]) {
      assert.deepEqual(found(api), [
        `platform:components.ci.repository.api: expected the URL of the GitLab that serves ${url}, and /api/v4, got "${api}"; remove it if GitLab is not served under a path`,
      ]);
    }
  });

  const wrong: [title: string, ci: object, message: RegExp][] = [
    [
      "a repository over another protocol",
      { repository: { url: "git@git.test:ops/platform.git" }, stacks },
      /^platform:components\.ci\.repository\.url: expected a repository over HTTPS such as .*, got "git@git\.test:ops\/platform\.git"/,
    ],
    [
      "an environment that there is not",
      { repository, stacks: { prod: { stack: "prod" } } },
      /^platform:components\.ci\.stacks\.prod: /,
    ],
    [
      "a login that there is not",
      { repository, stacks, login: { type: "ldap" } },
      /^platform:components\.ci\.login\.type: expected one of local, oidc, got "ldap"$/,
    ],
    [
      "a runtime that there is not",
      { repository, stacks, agents: { images: { ruby: "ruby:3" } } },
      /^platform:components\.ci\.agents\.images\.ruby: /,
    ],
  ];
  for (const [title, ci, message] of wrong) {
    it(`refuses ${title}`, () => {
      const found = errors(ci);
      assert.equal(found.length, 1, found.join("\n"));
      assert.match(found[0] ?? "", message);
    });
  }

  const shopFrom = (address: string) => ({
    shop: { ...app, team: "a", domain: "shop.test", repository: address },
  });

  it("refuses an app's repository on a host that is not listed, and reads the listed ones", () => {
    const elsewhere = shopFrom("https://elsewhere.test/shop.git");
    assert.deepEqual(errors({ repository, stacks }, elsewhere), [
      "platform:apps.shop.repository: expected a repository on git.test, got one on elsewhere.test; list this host in platform:components.ci.repositoryHosts if apps may be built from it; it is read without credentials",
    ]);
    const repositoryHosts = ["elsewhere.test"];
    assert.deepEqual(errors({ repository, stacks, repositoryHosts }, elsewhere), []);
    const own = shopFrom("https://git.test/commerce/shop.git");
    assert.deepEqual(errors({ repository, stacks, repositoryHosts }, own), []);
    assert.deepEqual(errors({ external: { address: "https://jenkins.test" } }, elsewhere), []);
  });

  it("refuses a repository's address that Jenkins cannot parse, because it would find no host for its credentials", () => {
    for (const address of [
      "https://git.test/a|b.git",
      "https://git.test\\.elsewhere.test/a.git",
      "https://else_where.test/a.git",
      "https://elsewhere.test?git.test/a.git",
      "https://git.test",
    ]) {
      const [error = "", ...more] = errors({ repository, stacks }, shopFrom(address));
      assert.deepEqual(more, [], address);
      assert.match(error, /^platform:apps\.shop\.repository: expected a repository over HTTPS/);
    }
  });

  it("refuses credentials in a repository's address, and does not repeat them", () => {
    const [error = "", ...more] = errors(
      { repository, stacks },
      {
        shop: {
          ...app,
          team: "a",
          domain: "shop.test",
          repository: "https://u:topsecret@git.test/x",
        },
      },
    );
    assert.deepEqual(more, []);
    assert.match(
      error,
      /^platform:apps\.shop\.repository: expected .*, got "https:\/\/…@git\.test\/x"; put a user name and a token into a Secret$/,
    );
    assert.doesNotMatch(error, /topsecret/);
  });
});

describe("the pipelines of a stack's apps", () => {
  const presets: [runs: object, runtime: string, agent: string, build: string][] = [
    [{ preset: "java-tomcat" }, "tomcat:9.0.122", "maven-jdk25", "maven"],
    [{ preset: "php-fpm" }, "php:8.4", "php-8.4", "php"],
    [{ preset: "node" }, "node:24.18.0", "node-24", "node"],
    [{ preset: "python" }, "python:3.13", "python-3.13", "python"],
    [{ runtime: "tomcat:9.0.122-jdk8" }, "tomcat:9.0.122-jdk8", "maven-jdk8", "maven"],
  ];
  for (const [runs, ...expected] of presets) {
    it(`build an app of ${JSON.stringify(runs)} with ${expected.join(", ")}`, () => {
      const apps = { shop: { ...app, team: "a", domain: "shop.test", ...runs } };
      const { runtime, agent, build } =
        pipelinesOf(stack({ repository, stacks }, { apps }))["shop"] ?? {};
      assert.deepEqual([runtime, agent, build], expected);
    });
  }

  const shop = { ...app, team: "a", domain: "shop.test", repository: "https://git.test/shop" };
  const refused: [title: string, runs: object, message: string][] = [
    [
      "a runtime of another preset",
      { preset: "node", runtime: "php:8.4" },
      "platform:apps.shop.runtime: expected a runtime of preset node (node:24.18.0), got php:8.4",
    ],
    [
      "a runtime that only our own images build where there are none",
      { runtime: "php:7.2.11" },
      "platform:apps.shop.runtime: expected a runtime that an agent of this stack can build for (tomcat:9.0.122, tomcat:9.0.122-jdk8, php:8.4, node:24.18.0, python:3.13, nginx:1.26, nginx:1.16.1), got php:7.2.11, which is built in our own image composer:2.2.25-php7.2.11: declare platform:components.images, or set platform:components.ci.agents.images.php-7.2",
    ],
  ];
  for (const [title, runs, message] of refused) {
    it(`refuse ${title}`, () => {
      assert.deepEqual(errors({ repository, stacks }, { shop: { ...shop, ...runs } }), [message]);
    });
  }

  it("build a static site with its Dockerfile only", () => {
    const apps = { shop: { ...app, team: "a", domain: "shop.test", preset: "static" } };
    assert.deepEqual(pipelinesOf(stack({ repository, stacks }, { apps })), {
      shop: { team: "a", domain: "shop.test", repository: undefined, runtime: "nginx:1.26" },
    });
  });

  it("are for the groups of the team's tenancy, or for the group with the team's name", () => {
    const groupsOf = (of: StackConfig) => pipelineGroupsOf(of, pipelinesOf(of));
    const apps = { shop: { ...app, team: "a", domain: "shop.test" } };
    assert.deepEqual(groupsOf(stack({ repository, stacks }, { apps })), {
      a: { view: [], build: ["a"] },
    });
    const groups = { view: ["support"], release: ["developers"], admin: ["leads"] };
    const tenancy = { teams: { a: { groups }, idle: {} } };
    assert.deepEqual(groupsOf(stack({ repository, stacks }, { apps, tenancy })), {
      a: { view: ["support"], build: ["developers", "leads"] },
    });
  });
});
