import assert from "node:assert/strict";
import type * as k8s from "@pulumi/kubernetes";
import { parse } from "yaml";
import { agentTemplates } from "../../../components/ci/agents";
import { jenkinsSettings, type SettingsArgs } from "../../../components/ci/casc-settings";
import { cascYaml } from "../../../components/ci/casc-yaml";
import { groovyLiteral } from "../../../components/ci/groovy";
import { cascJobs, jobsScript } from "../../../components/ci/jobs";
import { pluginList, plugins, requiredPlugins } from "../../../components/ci/plugins";
import { cascSchema, type CascText } from "../../support/casc-schema";
import { pipelineSettings, shopPipeline } from "../../support/pipelines";

const standard: SettingsArgs = {
  url: "https://ci.platform.test",
  internalUrl: "http://jenkins.ci.svc:8080",
  login: { type: "local" },
  administrators: ["operations"],
  teams: { commerce: { view: ["support"], build: ["commerce-developers"] } },
  repository: { url: "https://git.test/ops/platform.git", branch: "main", secret: "jenkins-git" },
  agents: { quota: { pods: 7 } },
};

/** Returns the settings as Jenkins reads them. */
function settings(args: Partial<SettingsArgs> = {}): CascText {
  return cascSchema.parse(parse(cascYaml(jenkinsSettings({ ...standard, ...args }))));
}

type Pod = k8s.types.output.core.v1.Pod;

function agents(): { label: string; pod: Pod }[] {
  return settings().jenkins.clouds[0].kubernetes.templates.map(({ label, yaml }) => ({
    label,
    pod: parse(yaml) as Pod,
  }));
}

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

  it("let the administrator in while the provider of OpenID Connect is away", () => {
    assert.deepEqual(oidc().properties, [
      { escapeHatch: { username: "${admin-user}", secret: "${admin-password}" } },
    ]);
  });

  it("know two users of their own, with passwords from the Secret", () => {
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

  it("give administrators all rights, and everybody else only the login", () => {
    const { global } = settings().jenkins.authorizationStrategy.roleBased.roles;
    assert.deepEqual(
      global.map(({ permissions, entries }) => [permissions, entries]),
      [
        [["Overall/Administer"], [{ user: "${admin-user}" }, { group: "operations" }]],
        [["Overall/Read"], [{ group: "authenticated" }, { user: "${trigger-user}" }]],
      ],
    );
  });

  it("give a team its own folder only, and nobody the right to change a pipeline", () => {
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

  it("read the library from the default branch, whatever a pipeline wishes", () => {
    const [library] = settings().unclassified.globalLibraries.libraries;
    assert.equal(library.defaultVersion, "main");
    assert.deepEqual(library.retriever.modernSCM.scm.git, {
      remote: "https://git.test/ops/platform.git",
      credentialsId: "git",
    });
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

  it("keep what only looks like a secret's name", () => {
    const branch = "release/${admin-password}";
    const args = { ...standard, repository: { ...standard.repository, branch } };
    const read = parse(cascYaml(jenkinsSettings(args))) as CascText;
    const [library] = read.unclassified.globalLibraries.libraries;
    assert.equal(library.defaultVersion, "release/^${admin-password}");
  });
});

describe("agents", () => {
  it("are one per version of a language, each with its container next to the connection's", () => {
    assert.deepEqual(
      agents().map(({ label, pod }) => [label, pod.spec.containers.map(({ name }) => name)]),
      [
        ["maven-jdk8", ["jnlp", "build"]],
        ["maven-jdk25", ["jnlp", "build"]],
        ["php-8.4", ["jnlp", "build"]],
        ["node-24", ["jnlp", "build"]],
        ["python-3.13", ["jnlp", "build"]],
        ["image", ["jnlp", "build", "scan"]],
        ["platform", ["jnlp", "build"]],
      ],
    );
  });

  it("may do nothing that the namespace's level forbids, and have no token", () => {
    for (const { label, pod } of agents()) {
      const { spec } = pod;
      assert.equal(spec.automountServiceAccountToken, false, label);
      assert.equal(spec.enableServiceLinks, false);
      assert.equal(spec.serviceAccountName, "jenkins-agent");
      assert.equal(spec.securityContext?.runAsNonRoot, true);
      assert.equal(spec.securityContext?.runAsUser, 1000);
      assert.equal(spec.securityContext?.seccompProfile?.type, "RuntimeDefault");
      for (const { name, image, resources, securityContext } of spec.containers) {
        assert.equal(securityContext?.allowPrivilegeEscalation, false, `${label} ${name}`);
        assert.deepEqual(securityContext?.capabilities?.drop, ["ALL"]);
        assert.deepEqual(Object.keys(resources?.requests ?? {}), ["cpu", "memory"]);
        assert.deepEqual(Object.keys(resources?.limits ?? {}), ["cpu", "memory"]);
        assert.match(image ?? "", /:(?!latest$)[\w.-]+$/);
      }
      assert.equal(
        spec.volumes?.some((volume) => volume.hostPath !== undefined),
        false,
      );
    }
  });

  it("connect with Java 21", () => {
    for (const { pod } of agents()) {
      assert.match(pod.spec.containers[0]?.image ?? "", /\/jenkins\/inbound-agent:.*-jdk21$/);
    }
  });

  it("hold credentials only where no app's own commands run", () => {
    const holding = agents().filter(({ pod }) => JSON.stringify(pod).includes("ecret"));
    assert.deepEqual(
      holding.map(({ label }) => label),
      ["image", "platform"],
    );
    const image = holding.find(({ label }) => label === "image")?.pod;
    const mounts = image?.spec.containers.map(({ name, volumeMounts }) => [
      name,
      volumeMounts?.map((mount) => mount.mountPath),
    ]);
    assert.deepEqual(mounts, [
      ["jnlp", undefined],
      ["build", ["/run/secrets/registry"]],
      ["scan", undefined],
    ]);
  });

  it("build in the images that the stack names, and take the others from the mirror", () => {
    const templates = agentTemplates({
      images: { "maven-jdk25": "harbor.test/own/maven:3" },
      imageMirror: "mirror.test",
    });
    const images = templates.flatMap(({ yaml }) =>
      (parse(yaml) as Pod).spec.containers.map(({ image }) => image),
    );
    assert.ok(images.includes("harbor.test/own/maven:3"));
    assert.ok(!images.some((image) => image?.endsWith("eclipse-temurin-25")));
    assert.ok(images.every((image) => /^(harbor|mirror)\.test\//.test(image ?? "")));
  });
});

describe("the jobs' text", () => {
  it("stays small for 700 apps: a ConfigMap holds a mebibyte", () => {
    const many = Array.from({ length: 700 }, (_, number) => [`app-${number}`, shopPipeline]);
    const text = cascYaml(cascJobs(Object.fromEntries(many), pipelineSettings));
    assert.ok(text.length < 300_000, String(text.length));
  });

  it("is the same whatever the order of the apps", () => {
    const [a, b] = [shopPipeline, { team: "content", domain: "b.test" }];
    assert.equal(jobsScript({ a, b }, pipelineSettings), jobsScript({ b, a }, pipelineSettings));
  });

  it("marks what Jenkins would take for a secret's name", () => {
    const { jobs } = parse(cascYaml(cascJobs({}, pipelineSettings))) as {
      jobs: { script: string }[];
    };
    const [job] = jobs;
    assert.match(job?.script ?? "", /\^\$\{team\}/);
    assert.doesNotMatch(job?.script ?? "", /(?<!\^)\$\{/);
  });

  const literals: [value: Parameters<typeof groovyLiteral>[0], text: string][] = [
    ["plain", "'plain'"],
    ["it's \\ ${x}", "'it\\'s \\\\ ${x}'"],
    ["a\r\nb", "'a\\r\\nb'"],
    [true, "true"],
    [3, "3"],
    [["a", 1], "['a', 1]"],
    [{}, "[:]"],
    [{ "a-b": { c: [] } }, "['a-b': ['c': []]]"],
  ];
  for (const [value, text] of literals) {
    it(`writes ${JSON.stringify(value)} as a Groovy literal`, () => {
      assert.equal(groovyLiteral(value), text);
    });
  }
});

describe("the table of plugins", () => {
  it("names a version of each, by line and sorted", () => {
    const lines = pluginList().trimEnd().split("\n");
    assert.deepEqual(lines, [...lines].sort());
    const rows = [...Object.keys(plugins), ...Object.keys(requiredPlugins)];
    assert.equal(lines.length, rows.length);
    assert.equal(new Set(rows).size, rows.length, "a plugin has two rows");
    for (const line of lines) assert.match(line, /^[A-Za-z0-9-]+:[0-9][\w.-]*$/);
  });

  it("has a row for what runs the scripts of everybody and keeps credentials", () => {
    for (const name of ["script-security", "credentials", "workflow-cps", "git-client"]) {
      assert.ok(name in requiredPlugins, `${name} would be as old as any plugin allows`);
    }
  });

  it("has every plugin that the settings and pipelines are written for", () => {
    for (const name of [
      ...["configuration-as-code", "job-dsl", "kubernetes", "role-strategy", "oic-auth"],
      ...["prometheus", "thinBackup", "workflow-aggregator", "git", "lockable-resources"],
    ]) {
      assert.ok(name in plugins, name);
    }
  });
});
