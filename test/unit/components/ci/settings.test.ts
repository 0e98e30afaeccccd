import assert from "node:assert/strict";
import { parse } from "yaml";
import { jenkinsSettings } from "../../../../components/ci/casc-settings";
import { cascYaml } from "../../../../components/ci/casc-yaml";
import { type CascText } from "../../../support/casc-schema";
import { standard, settings } from "./settings";

describe("Jenkins' settings", () => {
  it("are what the schema allows, with every kind of login", () => {
    settings();
    const { clientId, clientSecret, groupsFieldName } = oidc();
    assert.deepEqual(
      [clientId, clientSecret, groupsFieldName],
      ["jenkins", "${oidc-client-secret}", "roles"],
    );
  });

  function oidc() {
    const realm = settings({
      login: {
        type: "oidc",
        discovery: "https://login.test/.well-known/openid-configuration",
        clientId: "jenkins",
        secret: "jenkins-oidc",
        groupsClaim: "roles",
      },
    }).jenkins.securityRealm;
    assert.ok("oic" in realm);
    return realm.oic;
  }

  it("let the administrator log in while the OpenID Connect provider is unavailable", () => {
    assert.deepEqual(oidc().properties, [
      { escapeHatch: { username: "${admin-user}", secret: "${admin-password}" } },
    ]);
  });

  it("have two users of their own, with passwords from the Secret", () => {
    const realm = settings().jenkins.securityRealm;
    assert.deepEqual(realm, {
      local: {
        allowsSignup: false,
        users: [
          { id: "${admin-user}", password: "${admin-password}" },
          { id: "${trigger-user}", password: "${trigger-password}" },
        ],
      },
    });
  });

  it("give administrators all rights, and everybody else only the right to log in", () => {
    const { global } = settings().jenkins.authorizationStrategy.roleBased.roles;
    assert.deepEqual(
      global.map(({ permissions, entries }) => [permissions, entries]),
      [
        [["Overall/Administer"], [{ user: "${admin-user}" }, { group: "operations" }]],
        [["Overall/Read"], [{ group: "authenticated" }, { user: "${trigger-user}" }]],
      ],
    );
  });

  it("give a team only its own folder, and nobody the right to change a pipeline", () => {
    const { items } = settings().jenkins.authorizationStrategy.roleBased.roles;
    const byName = new Map(items.map((role) => [role.name, role]));
    const build = byName.get("commerce-build");
    assert.deepEqual(build?.entries, [{ group: "commerce-developers" }]);
    assert.deepEqual(byName.get("commerce-view")?.permissions, ["Job/Discover", "Job/Read"]);
    assert.deepEqual(byName.get("commerce-view")?.entries, [{ group: "support" }]);
    const allowed = (name: string) => new RegExp(`^(?:${build?.pattern})$`).test(name);
    assert.deepEqual(
      ["commerce", "commerce/shop", "commerce-two/shop", "content/commerce"].map(allowed),
      [true, true, false, false],
    );
    const permissions = new Set(items.flatMap((role) => role.permissions as string[]));
    for (const forbidden of ["Job/Configure", "Job/Create", "Job/Delete", "Run/Replay"]) {
      assert.ok(!permissions.has(forbidden));
    }
    assert.deepEqual(byName.get("trigger")?.permissions, ["Job/Build", "Job/Read"]);
  });

  it("let no team browse workspaces, where pipelines work with the credentials of a release", () => {
    const { items } = settings().jenkins.authorizationStrategy.roleBased.roles;
    assert.ok(items.length > 0);
    for (const { name, permissions } of items) {
      assert.ok(!(permissions as string[]).includes("Job/Workspace"), name);
    }
  });

  it("read the library from the default branch, whatever a pipeline asks for", () => {
    const [library] = settings().unclassified.globalLibraries.libraries;
    assert.equal(library.defaultVersion, "main");
    assert.deepEqual(library.retriever.modernSCM.scm.git, {
      remote: "https://git.test/ops/platform.git",
      credentialsId: "git",
    });
  });

  it("send the git credentials to the host of the platform's repository only", () => {
    const [{ domain }] = settings().credentials?.system.domainCredentials ?? [
      { domain: undefined },
    ];
    assert.deepEqual(domain, {
      name: "git.test",
      specifications: [{ hostnameSpecification: { includes: "git.test" } }],
    });
  });

  it("name the groups that may approve an update, even if there are none", () => {
    const named = (administrators: string[]) => {
      const [{ envVars }] = settings({ administrators }).jenkins.globalNodeProperties;
      return envVars.env[0].value;
    };
    assert.equal(named(["operations", "on-call"]), "operations,on-call");
    // Jenkins would take it for two groups.
    assert.equal(named(["operations", "cn=ops,ou=groups"]), "operations");
    assert.equal(named([]), "");
  });

  it("name the platform's branch and its GitLab's API", () => {
    const named = (more: object = {}) => {
      const repository = { ...standard.repository, ...more };
      const [{ envVars }] = settings({ repository }).jenkins.globalNodeProperties;
      return envVars.env.slice(1).map(({ value }) => value);
    };
    assert.deepEqual(named(), ["main", "https://git.test/api/v4"]);
    const url = "https://git.test:8443/gitlab/ops/platform.git";
    assert.deepEqual(named({ url, branch: "master" }), ["master", "https://git.test:8443/api/v4"]);
    const api = "https://git.test:8443/gitlab/api/v4";
    assert.deepEqual(named({ url, api }), ["main", api]);
  });

  it("have no credentials where the repository needs none", () => {
    const { url, branch } = standard.repository;
    const open = settings({ repository: { url, branch } });
    assert.equal(open.credentials, undefined);
    const [library] = open.unclassified.globalLibraries.libraries;
    assert.equal(library.retriever.modernSCM.scm.git.credentialsId, undefined);
  });

  it("start no more agents than their quota has room for", () => {
    assert.equal(settings().jenkins.clouds[0].kubernetes.containerCapStr, "7");
  });

  it("keep text that only looks like a secret's name", () => {
    const branch = "release/${admin-password}";
    const args = { ...standard, repository: { ...standard.repository, branch } };
    const read = parse(cascYaml(jenkinsSettings(args))) as CascText;
    const [library] = read.unclassified.globalLibraries.libraries;
    assert.equal(library.defaultVersion, "release/^${admin-password}");
  });
});
