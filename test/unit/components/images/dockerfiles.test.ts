import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "../../../../local/toolchain/paths";
import { buildArguments, contextOf } from "../../../../components/images/build";
import { runtimeNames, runtimes } from "../../../../versions/runtimes";
import { presetNames } from "../../../../versions/app-runtimes";
import { dockerfiles, type Dockerfile } from "../../../support/dockerfiles";

const all = dockerfiles();
const ofRuntimes = all.filter(({ name }) => !name.startsWith("app-"));
const ofApps = all.filter(({ name }) => name.startsWith("app-"));
/** Returns the last stage, which becomes the image. */
const lastStage = (lines: string[]) =>
  lines.slice(lines.map((line) => line.startsWith("FROM ")).lastIndexOf(true));

describe("Dockerfiles", () => {
  it("exist for every runtime and every preset, and for nothing else", () => {
    assert.deepEqual(
      all.map(({ name }) => name),
      [...runtimeNames, ...presetNames.map((preset) => `app-${preset}`)].sort(),
    );
  });

  for (const { name, lines } of all) {
    it(`of ${name} ends as a user with a number that is not root's`, () => {
      const user = lastStage(lines)
        .filter((line) => line.startsWith("USER "))
        .at(-1);
      assert.match(user ?? "none", /^USER [1-9][0-9]*:[1-9][0-9]*$/);
    });

    it(`of ${name} leaves health to the pod's probes, and fetches nothing unchecked`, () => {
      assert.deepEqual(
        lines.filter((line) => /^(HEALTHCHECK|ADD|MAINTAINER)\b/.test(line)),
        [],
      );
      for (const line of lines.filter((text) => /\b(curl|wget) -/.test(text))) {
        assert.match(line, /&& sha256sum -c \S+$/);
      }
    });

    it(`of ${name} describes the image with OCI labels`, () => {
      const text = lines.find((line) => line.startsWith("LABEL ")) ?? "";
      for (const label of ["title", "version"]) {
        assert.match(text, new RegExp(`org\\.opencontainers\\.image\\.${label}="[^"]+"`));
      }
    });

    it(`of ${name} leaves no list of packages behind`, () => {
      for (const line of lines.filter((text) => text.includes("apt-get install"))) {
        assert.match(line, /--no-install-recommends .* rm -rf \/var\/lib\/apt\/lists\/\*$/);
      }
    });
  }

  it("of a runtime with downloads have several stages, so that no build tool remains", () => {
    for (const { name, lines } of ofRuntimes.filter(({ args }) => args.includes("SOURCE_PATH"))) {
      assert.ok(lines.filter((line) => line.startsWith("FROM ")).length > 1, name);
      const last = lastStage(lines).join("\n");
      assert.doesNotMatch(last, /BUILD_PACKAGES|SOURCE_PATH/, name);
    }
  });

  for (const runtime of runtimes) {
    it(`declare every argument that ${runtime.name}:${runtime.version} is built with`, () => {
      const file = ofRuntimes.find(({ name }) => name === runtime.name) as Dockerfile;
      assert.equal(file.path, `${contextOf(runtime)}/Dockerfile`);
      const given = Object.keys(
        buildArguments(runtime, "base", { mirror: "https://m", debianMirror: "https://d" }),
      );
      const unknown = given.filter((arg) => !file.args.includes(arg));
      assert.deepEqual(unknown, []);
      const checksums = given.filter((arg) => arg.endsWith("_SHA256")).length;
      assert.equal(given.filter((arg) => arg.endsWith("_PATH")).length, checksums);
    });
  }

  for (const { name, lines } of ofApps) {
    it(`of ${name} only add code to the base image that the pipeline names`, () => {
      const [from, ...others] = lines.filter((line) => line.startsWith("FROM "));
      assert.deepEqual(others, []);
      assert.equal(from, "FROM ${BASE_IMAGE}");
      for (const arg of ["BASE_IMAGE", "APP", "VERSION", "COMMIT"]) {
        assert.ok(lines.includes(`ARG ${arg}`), `${arg} has a default or is not declared`);
      }
      assert.deepEqual(
        lines.filter((line) => !/^(ARG|FROM|COPY|ENV|LABEL|USER|CMD) /.test(line)),
        [],
      );
    });
  }
});

describe("the templates of apps' Dockerfiles", () => {
  const build = readFileSync(join(checkout, "ci/library/vars/appImage.groovy"), "utf8");

  for (const { name, lines } of ofApps) {
    it(`get every argument that they declare from the pipeline: ${name}`, () => {
      const declared = lines.flatMap((line) => /^ARG (\w+)$/.exec(line)?.[1] ?? []);
      assert.ok(declared.includes("BASE_IMAGE"));
      assert.deepEqual(
        declared.filter((each) => !build.includes(`"build-arg:${each}=$${each}"`)),
        [],
      );
    });
  }
});
