import assert from "node:assert/strict";
import { mock } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { Images, type ImagesArgs } from "../../../../components/images";
import { runtimeKey, runtimes } from "../../../../versions/runtimes";
import { baseImages } from "../../../../config/components/images";
import { parseStack } from "../../../../config/read";
import type { Registration } from "../../../../render/record";
import { declare } from "../../../support/declare";
import { partConfig } from "../../../support/part-config";

interface ImageInputs {
  imageName: string;
  build: { context: string; dockerfile: string; platform: string; args: Record<string, string> };
  registry?: { server: string; username: string; password: string };
}

describe("Images", () => {
  let warnings: string[];
  beforeEach(() => {
    warnings = [];
    // Without an engine, the SDK logs to the console.
    mock.method(console, "warn", (text: string) => warnings.push(text));
  });
  afterEach(() => mock.restoreAll());

  async function declared(
    config: Partial<ImagesArgs["config"]> = {},
    facts: Partial<Omit<ImagesArgs, "config">> = {},
  ) {
    let references: Images["references"] = {};
    const { registrations } = await declare((provider) => {
      ({ references } = new Images(
        "images",
        {
          context: { environment: "dev" },
          config: partConfig("images", config),
          domain: "example.com",
          ...facts,
        },
        { provider },
      ));
    });
    const images = registrations.filter(({ type }) => type === "docker:index/image:Image");
    const image = (name: string) => {
      const found = images.find((entry) => entry.name === name);
      assert.ok(found, `no image ${name} is declared`);
      return found.inputs as unknown as ImageInputs;
    };
    return { images, image, references };
  }

  it("builds every runtime of the table, from its own folder and under its own name", async () => {
    const { images, image } = await declared();
    assert.equal(images.length, runtimes.length);
    for (const { name, version } of runtimes) {
      const { imageName, build } = image(`${name}-${version}`);
      assert.equal(imageName, `harbor.example.com/template/${name}:${version}`);
      assert.equal(build.context, `components/images/docker/${name}`);
      assert.equal(build.dockerfile, `components/images/docker/${name}/Dockerfile`);
      assert.equal(build.platform, "linux/amd64");
      assert.equal(build.args["VERSION"], version);
    }
  });

  it("builds on Debian, or on what it has built itself, by digest", async () => {
    const { images, image } = await declared({ runtimes: ["maven:3.9.16", "nginx:1.16.1"] });
    assert.deepEqual(images.map(({ name }) => name).sort(), [
      "jdk-25",
      "maven-3.9.16",
      "nginx-1.16.1",
    ]);
    const base = (name: string) => image(name).build.args["BASE_IMAGE"];
    assert.equal(base("nginx-1.16.1"), "docker.io/library/debian:12-slim");
    assert.equal(base("jdk-25"), "docker.io/library/debian:13-slim");
    assert.equal(
      base("maven-3.9.16"),
      "harbor.example.com/template/jdk:25@sha256:digest-of-jdk-25",
    );
    const urn = (name: string) => images.find((entry) => entry.name === name)?.urn ?? "";
    const maven = images.find(({ name }) => name === "maven-3.9.16") as Registration;
    assert.ok(maven.dependencies.includes(urn("jdk-25")), "maven does not wait for its JDK");
  });

  it("pulls base images and downloads from the mirrors", async () => {
    const { image } = await declared(
      {
        mirror: "https://nexus.example.com/sources",
        debianMirror: "https://nexus.example.com/apt",
      },
      { context: { environment: "dev", imageSource: { mirror: "mirror.example.com/cache" } } },
    );
    const node = image("node-24.18.0").build.args;
    assert.equal(node["BASE_IMAGE"], "mirror.example.com/cache/library/debian:13-slim");
    assert.equal(node["MIRROR"], "https://nexus.example.com/sources/");
    assert.equal(node["DEBIAN_MIRROR"], "https://nexus.example.com/apt");
    assert.match(
      image("jenkins-agent-3385").build.args["REMOTING_IMAGE"] ?? "",
      /^mirror\.example\.com\/cache\/jenkins\/inbound-agent:3385\./,
    );
  });

  it("pushes with the account of the config, or else with docker's own login", async () => {
    const runtimesOfTest: ["nginx:1.26"] = ["nginx:1.26"];
    const { image } = await declared({ runtimes: runtimesOfTest });
    assert.equal(image("nginx-1.26").registry, undefined);
    const credentials = { username: "robot", password: "hunter2" };
    const { image: other } = await declared({ runtimes: runtimesOfTest, credentials });
    assert.deepEqual(other("nginx-1.26").registry, {
      server: "harbor.example.com",
      ...credentials,
    });
  });

  it("has no password in a name or an argument", async () => {
    const { images } = await declared({ credentials: { username: "robot", password: "hunter2" } });
    for (const { name, inputs } of images) {
      const { registry, ...rest } = inputs;
      assert.ok(registry);
      assert.doesNotMatch(JSON.stringify([name, rest]), /hunter2/);
    }
  });

  it("returns digests of the images that it builds, and names of those that are already in the registry", async () => {
    const { references } = await declared({ runtimes: ["jdk:8"] });
    const digest = await new Promise((resolve) =>
      pulumi.output(references["jdk:8"]).apply(resolve),
    );
    assert.equal(digest, "harbor.example.com/template/jdk:8@sha256:digest-of-jdk-8");
    const { images, references: names } = await declared({ build: false });
    assert.deepEqual(images, []);
    assert.deepEqual(Object.keys(names).sort(), runtimes.map(runtimeKey).sort());
    assert.equal(names["php:5.5.9"], "harbor.example.com/template/php:5.5.9");
  });

  it("names the registry of the config, of the stack, or below the stack's domain", async () => {
    const registryOf = async (...args: Parameters<typeof declared>) =>
      (await declared(...args)).image("nginx-1.26").imageName.split("/")[0];
    const config: Partial<ImagesArgs["config"]> = { runtimes: ["nginx:1.26"] };
    const registry = "images.example.com";
    assert.equal(await registryOf(config), "harbor.example.com");
    assert.equal(await registryOf(config, { registry }), registry);
    assert.equal(
      await registryOf({ ...config, registry: "other.example.com:5000" }, { registry }),
      "other.example.com:5000",
    );
  });

  it("warns of each runtime past its end of life, built here or not, and of no other", async () => {
    const over = /Base image (nginx:1\.16\.1|php:5\.5\.9|php:7\.0\.16|php:7\.2\.11) has had no/;
    for (const build of [true, false]) {
      warnings = [];
      await declared({ build });
      assert.equal(warnings.length, 4);
      for (const warning of warnings) assert.match(warning, over);
    }
    warnings = [];
    await declared({ runtimes: ["nginx:1.26", "jdk:8"] });
    assert.deepEqual(warnings, []);
  });
});

describe("config of base images", () => {
  const errors = (images: object): string => {
    try {
      parseStack("test", {
        environment: "dev",
        domain: "dev.platform.test",
        cluster: { kubeconfig: "kubeconfig", context: "test" },
        components: { images },
      });
    } catch (error) {
      return (error as Error).message;
    }
    return "";
  };

  it("builds all runtimes by default", () => {
    assert.deepEqual(baseImages.parse({}), { build: true });
    assert.equal(errors({}), "");
  });

  it("refuses a runtime that is not in the table", () => {
    assert.match(
      errors({ runtimes: ["php:8.3"] }),
      /platform:components\.images\.runtimes\[0\]: expected .*php:8\.4.*, got "php:8\.3"/,
    );
    assert.match(errors({ runtimes: [] }), /platform:components\.images\.runtimes/);
  });

  it("refuses invalid addresses", () => {
    assert.match(errors({ mirror: "nexus" }), /images\.mirror: .*https:\/\/nexus\.example\.com/);
    assert.match(errors({ debianMirror: "ftp://x.test" }), /images\.debianMirror/);
    assert.match(
      errors({ registry: "https://harbor.test" }),
      /images\.registry: .*a registry's host/,
    );
  });

  it("never shows a password", () => {
    const message = errors({ credentials: { username: "robot", password: { text: "hunter2" } } });
    assert.match(
      message,
      /images\.credentials\.password: .*password or token, got another value \(not shown\)/,
    );
    assert.doesNotMatch(message, /hunter2/);
  });
});
