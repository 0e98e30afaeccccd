import assert from "node:assert/strict";
import { type JenkinsArgs } from "../../../../components/ci";
import { at } from "../../../support/declare";
import { shopPipeline } from "../../../support/pipelines";
import { jenkins, podOf, containerOf, configMap } from "./declared";

describe("Jenkins' settings, plugins and secrets", () => {
  it("reads its settings, jobs and secrets from files", async () => {
    const declared = await jenkins();
    const container = containerOf(declared.object("StatefulSet", "jenkins"), "jenkins");
    const mounts = new Map(container.volumeMounts.map(({ name, mountPath }) => [name, mountPath]));
    const variable = (name: string) => container.env.find((entry) => entry.name === name);
    const files = [`${mounts.get("settings")}/settings.yaml`, `${mounts.get("jobs")}/jobs.yaml`];
    assert.equal(variable("CASC_JENKINS_CONFIG")?.value, files.join(","));
    assert.equal(variable("SECRETS")?.value, mounts.get("secrets"));
    assert.equal(variable("CASC_RELOAD_TOKEN")?.valueFrom?.secretKeyRef?.name, "jenkins");
    const settings = at(configMap(declared, "jenkins-settings"), "data") as Record<string, string>;
    const text = settings["settings.yaml"] ?? "";
    const named = [...text.matchAll(/(?<!\^)\$\{([a-z-]+)\}/g)].map(([, name]) => name);
    const { projected } = podOf(declared.object("StatefulSet", "jenkins")).volumes.find(
      ({ name }) => name === "secrets",
    ) ?? { projected: undefined };
    const there = projected?.sources.flatMap(({ secret }) => secret.items.map(({ path }) => path));
    assert.ok(named.length > 0);
    for (const name of named) assert.ok(there?.includes(name ?? ""), `${name} is in no file`);
  });

  it("mounts the secrets for its login and for git, which people created", async () => {
    const declared = await jenkins({
      login: {
        type: "oidc",
        discovery: "https://login.test/x",
        clientId: "jenkins",
        secret: "jenkins-oidc",
      },
    });
    const volumes = podOf(declared.object("StatefulSet", "jenkins")).volumes;
    const sources = volumes.find(({ name }) => name === "secrets")?.projected?.sources;
    assert.deepEqual(
      sources?.map(({ secret }) => [secret.name, secret.items.map(({ path }) => path)]),
      [
        [
          "jenkins",
          ["admin-user", "trigger-user", "admin-password", "trigger-password", "trigger-token"],
        ],
        ["jenkins-oidc", ["oidc-client-secret"]],
        ["jenkins-git", ["git-username", "git-password"]],
      ],
    );
  });

  it("restarts for changed settings, and loads changed jobs without a restart", async () => {
    const template = async (ci: Record<string, unknown>, args: Partial<JenkinsArgs> = {}) =>
      at((await jenkins(ci, args)).object("StatefulSet", "jenkins"), "spec.template");
    const jobs = async (args: Partial<JenkinsArgs>) =>
      at((await jenkins({}, args)).object("ConfigMap", "jenkins-jobs"), "data");
    const more = { apps: { shop: shopPipeline, cart: shopPipeline } };
    assert.deepEqual(await template({}, more), await template({}));
    assert.notDeepEqual(await jobs(more), await jobs({}));
    assert.notDeepEqual(await template({ host: "other.test" }), await template({}));
    const declared = await jenkins();
    for (const base of ["jenkins-settings", "jenkins-plugins", "jenkins-init"]) {
      assert.equal(at(configMap(declared, base), "immutable"), true, base);
    }
    assert.equal(at(declared.object("ConfigMap", "jenkins-jobs"), "immutable"), undefined);
  });

  it("mounts one set of plugins, where the installer puts it", async () => {
    const controller = (await jenkins({ pluginMirror: "https://plugins.test" })).object(
      "StatefulSet",
      "jenkins",
    );
    const installer = containerOf(controller, "plugins");
    const set = installer.env.find(({ name }) => name === "SET")?.value;
    assert.match(set ?? "", /^[0-9a-f]{10}$/);
    const mounts = containerOf(controller, "jenkins").volumeMounts;
    const mount = mounts.find(({ mountPath }) => mountPath === "/var/jenkins_home/plugins");
    assert.deepEqual([mount?.name, mount?.subPath], ["home", `plugin-sets/${set}`]);
    assert.equal(installer.volumeMounts[0]?.subPath, "plugin-sets");
  });

  it("fetches plugins only from the mirror if there is one", async () => {
    // All default addresses of PluginManager in plugin-installation-manager-tool:
    // plugin-management-library/.../Settings.java (update center and plugin information), and the download site of
    // PluginManager.getPluginDownloadUrl.
    const hosts = ["JENKINS_UC", "JENKINS_UC_DOWNLOAD", "JENKINS_PLUGIN_INFO"];
    const addresses = async (ci: Record<string, unknown>) =>
      containerOf((await jenkins(ci)).object("StatefulSet", "jenkins"), "plugins")
        .env.filter(({ name }) => name.startsWith("JENKINS_"))
        .map(({ name, value }) => [name, value]);
    assert.deepEqual(await addresses({}), []);
    const mirrored = Object.fromEntries(
      await addresses({ pluginMirror: "https://plugins.test" }),
    ) as Record<string, string>;
    assert.deepEqual(Object.keys(mirrored).sort(), hosts.sort());
    assert.deepEqual(mirrored, {
      JENKINS_UC: "https://plugins.test",
      JENKINS_UC_DOWNLOAD: "https://plugins.test/download",
      JENKINS_PLUGIN_INFO: "https://plugins.test/plugin-versions.json",
    });
  });

  it("has a token for starting builds, in the format that Jenkins accepts", async () => {
    const { registrations, ...declared } = await jenkins();
    const random = registrations.find(({ name }) => name === "jenkins-trigger-token");
    assert.deepEqual(random?.inputs, {
      length: 32,
      lower: false,
      upper: false,
      overrideSpecial: "abcdef",
    });
    const secrets = at(declared.object("Secret", "jenkins"), "stringData") as Record<
      string,
      string
    >;
    assert.equal(secrets["trigger-token"], "11random-jenkins-trigger-token");
    assert.equal(new Set(Object.values(secrets)).size, 6);
  });

  it("gives its own users names that no user of an OpenID Connect provider can have", async () => {
    const users = async (login: object) => {
      const { object } = await jenkins({ login });
      const values = at(object("Secret", "jenkins"), "stringData") as Record<string, string>;
      return [values["admin-user"], values["trigger-user"]];
    };
    assert.deepEqual(await users({ type: "local" }), ["admin", "trigger"]);
    const oidc = { type: "oidc", discovery: "https://login.test/x", clientId: "jenkins" };
    assert.deepEqual(await users({ ...oidc, secret: "jenkins-oidc" }), [
      "admin-random-jenkins-admin-user",
      "trigger-random-jenkins-trigger-user",
    ]);
  });

  it("has no secret in a ConfigMap, a variable or an argument", async () => {
    const login = { username: "robot$ci", password: "registry-password-of-the-robot" };
    const { objects } = await jenkins({}, { registry: { address: "harbor.test", ci: login } });
    const secret = /random-jenkins|registry-password-of-the-robot/;
    const elsewhere = objects.filter(({ kind }) => kind !== "Secret");
    for (const object of elsewhere) {
      assert.doesNotMatch(JSON.stringify(object), secret, `${object.kind} ${object.metadata.name}`);
    }
    const text = JSON.stringify(objects.filter(({ kind }) => kind === "Secret"));
    assert.match(text, secret);
  });
});
