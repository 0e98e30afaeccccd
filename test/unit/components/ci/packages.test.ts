import assert from "node:assert/strict";
import {
  mavenSettings,
  npmSettings,
  pipSettings,
  sourceOf,
  type Packages,
} from "../../../../components/ci/packages";
import { type RepositoryConfig } from "../../../../config";

const proxy = (format: "maven2" | "npm" | "pypi"): RepositoryConfig => ({
  format,
  type: "proxy",
  remote: "https://upstream.test/",
  versionPolicy: "release",
});
const hosted = (format: "maven2" | "npm"): RepositoryConfig => ({
  format,
  type: "hosted",
  versionPolicy: "release",
  overwrite: false,
});
const source: Pick<Packages, "url" | "repositories"> = {
  url: "https://nexus.test",
  repositories: {
    central: proxy("maven2"),
    releases: hosted("maven2"),
    maven: { format: "maven2", type: "group", members: ["releases", "central"] },
    "npm-mirror": proxy("npm"),
    "npm-own": hosted("npm"),
    "pypi-mirror": proxy("pypi"),
  },
};
const login = { username: "ci", password: "p<a&s>s" };

describe("the settings of package managers", () => {
  it("prefer a group to a proxy repository, and are empty if there is neither", () => {
    assert.equal(sourceOf(source, "maven2"), "https://nexus.test/repository/maven/");
    assert.equal(sourceOf(source, "npm"), "https://nexus.test/repository/npm-mirror/");
    assert.equal(sourceOf({ ...source, repositories: {} }, "pypi"), undefined);
  });

  it("of Maven mirror everything, and log in to the mirror and to hosted repositories", () => {
    const text = mavenSettings(source, login);
    assert.match(
      text,
      /<mirror><id>platform<\/id><mirrorOf>\*<\/mirrorOf><url>https:\/\/nexus\.test\/repository\/maven\/<\/url><\/mirror>/,
    );
    assert.deepEqual(
      [...text.matchAll(/<server><id>(\w+)<\/id>/g)].map(([, id]) => id),
      ["platform", "releases"],
    );
    assert.match(text, /<password>p&lt;a&amp;s&gt;s<\/password>/);
  });

  it("of npm name one registry, and the login only for it", () => {
    const auth = Buffer.from("ci:p<a&s>s").toString("base64");
    assert.equal(
      npmSettings(source, login),
      "registry=https://nexus.test/repository/npm-mirror/\n" +
        `//nexus.test/repository/npm-mirror/:_auth=${auth}\n`,
    );
  });

  it("of pip name one index, which is trusted over http", () => {
    assert.equal(
      pipSettings(source, { username: "ci", password: "secret" }),
      "[global]\nindex-url = https://ci:secret@nexus.test/repository/pypi-mirror/simple\n",
    );
    assert.match(
      pipSettings({ ...source, url: "http://nexus.test" }, login),
      /\ntrusted-host = nexus\.test\n$/,
    );
  });

  it("are empty if the stack has no repository of the format", () => {
    const none = { ...source, repositories: {} };
    assert.equal(npmSettings(none, login), "");
    assert.equal(pipSettings(none, login), "");
    assert.doesNotMatch(mavenSettings(none, login), /mirror/);
  });
});
