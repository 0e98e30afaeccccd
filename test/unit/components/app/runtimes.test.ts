import assert from "node:assert/strict";
import { agentTemplates } from "../../../../components/ci/agents";
import {
  agentNames,
  appRuntimeKeys,
  appRuntimes,
  buildImages,
  runtimeOfPreset,
  type AppRuntime,
  type BuildImage,
} from "../../../../versions/app-runtimes";
import { findRuntime, type Runtime } from "../../../../versions/runtimes";
import { presetNames } from "../../../../versions/app-runtimes";

function runtimeOf(key: string): Runtime {
  const found = findRuntime(key);
  assert.ok(found, `${key} is not in the table of base images`);
  return found;
}

/** Returns the language and version of an image, for example `jdk:8` for the one with Tomcat. */
function language(key: string): string {
  const { base } = runtimeOf(key);
  return base.startsWith("debian:") ? key : base;
}

describe("the table of app runtimes", () => {
  it("has one for every preset, and the newest is the default", () => {
    for (const preset of presetNames) {
      const key = runtimeOfPreset(preset);
      assert.equal(runtimeOf(key).endOfLife, false, `${key} is over`);
    }
  });

  for (const key of appRuntimeKeys) {
    const { agent }: AppRuntime = appRuntimes[key];
    it(`builds for ${key} with the version that it runs`, () => {
      const runs = runtimeOf(key);
      if (agent === undefined) {
        assert.equal(appRuntimes[key].preset, "static");
        return;
      }
      const { base, published }: BuildImage = buildImages[agent];
      assert.ok(base ?? published, `${agent} has no image`);
      if (base !== undefined) assert.equal(language(base), language(key));
      if (published === undefined) return;
      const [, version = ""] = language(key).split(":");
      // Composer's image has a PHP version of its time, which its tag does not show; only the newest is used.
      if (published.repository === "library/composer") assert.equal(key, "php:8.4");
      else if (published.repository === "library/maven") {
        assert.match(published.tag, new RegExp(`-eclipse-temurin-${version}$`));
      } else {
        assert.ok(published.tag.startsWith(version), published.tag);
        // Native packages must be compiled with the libraries of the runtime.
        assert.equal(runs.base, "debian:13");
        assert.match(published.tag, /-trixie$/);
      }
    });
  }

  it("has no agent and no build image that no runtime uses", () => {
    const used = new Set(appRuntimeKeys.map((key) => (appRuntimes[key] as AppRuntime).agent));
    assert.deepEqual(
      agentNames.filter((name) => !used.has(name)),
      [],
    );
  });
});

describe("agents of app runtimes", () => {
  const labels = (args: Parameters<typeof agentTemplates>[0]) =>
    agentTemplates(args).map(({ label }) => label);
  const yaml = (name: string, args: Parameters<typeof agentTemplates>[0]) =>
    agentTemplates(args).find(({ label }) => label === name)?.yaml ?? "";

  it("exist for every runtime if the stack has base images, and build in those", () => {
    const args = { baseImages: "harbor.test" };
    assert.deepEqual(labels(args), [...agentNames, "image", "platform"]);
    const text = yaml("php-5.5", args);
    assert.match(text, /image: harbor\.test\/template\/composer:2\.2\.25-php5\.5\.9/);
    assert.match(text, /imagePullSecrets:\n\s+- name: registry-push/);
    assert.doesNotMatch(yaml("node-24", args), /imagePullSecrets/);
  });

  it("exist without base images for everything that public images can build", () => {
    assert.deepEqual(labels({}), [
      ...["maven-jdk8", "maven-jdk25", "php-8.4", "node-24", "python-3.13"],
      ...["image", "platform"],
    ]);
  });

  it("get their packages through the settings of their tool", () => {
    const settings = [
      ["maven-jdk8", /MAVEN_ARGS\n\s+value: --settings \/run\/secrets\/packages\/settings\.xml/],
      ["node-24", /NPM_CONFIG_USERCONFIG\n\s+value: \/run\/secrets\/packages\/\.npmrc/],
      ["python-3.13", /PIP_CONFIG_FILE\n\s+value: \/run\/secrets\/packages\/pip\.conf/],
    ] as const;
    for (const [name, expected] of settings) {
      assert.match(yaml(name, { packages: true }), expected);
      assert.doesNotMatch(yaml(name, {}), /packages/);
    }
  });

  it("scan with the databases that the stack names", () => {
    const scan = {
      database: "mirror.test/trivy-db:2",
      javaDatabase: "mirror.test/trivy-java-db:1",
    };
    const text = yaml("image", { scan });
    assert.match(text, /TRIVY_DB_REPOSITORY\n\s+value: mirror\.test\/trivy-db:2/);
    assert.match(text, /TRIVY_JAVA_DB_REPOSITORY\n\s+value: mirror\.test\/trivy-java-db:1/);
  });
});
