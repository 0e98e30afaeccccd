import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Images, type ImagesArgs } from "../../components/images";
import { readConfig } from "../../local/plugins/resource-docker/config";
import { imageHandler } from "../../local/plugins/resource-docker/image";
import type { PropertyMap } from "../../local/plugins/shared/values";
import { ensureHadolint } from "../../local/toolchain/hadolint";
import { run } from "../../local/toolchain/run";
import { NoWheel } from "../../local/toolchain/wheel";
import { declare } from "../support/declare";
import { dockerfiles, dockerFolder } from "../support/dockerfiles";
import { NoEngine, startEngine, type Engine } from "../support/engine";

describe("hadolint", () => {
  it("finds nothing in any Dockerfile", async function () {
    try {
      const hadolint = await ensureHadolint();
      const config = join(dockerFolder, "..", ".hadolint.yaml");
      await run(hadolint, ["--config", config, ...dockerfiles().map(({ path }) => path)]);
    } catch (error) {
      skipFor(this, error, NoWheel);
    }
  });
});

type RuntimeKey = NonNullable<ImagesArgs["config"]["runtimes"]>[number];

describe("base images, really built", () => {
  const registry = "platform.test";
  let engine: Engine;
  let environment: NodeJS.ProcessEnv;

  before(async function () {
    environment = { ...process.env };
    try {
      engine = await startEngine("docker.io/library/debian:13-slim");
      Object.assign(process.env, engine.environment);
    } catch (error) {
      skipFor(this, error, NoEngine);
    }
  });
  after(async () => {
    for (const key of Object.keys(process.env)) {
      if (!(key in environment)) delete process.env[key];
    }
    Object.assign(process.env, environment);
    await engine?.stop();
  });

  /** Builds an image with the component's inputs, on the engine's base image. */
  async function build(key: RuntimeKey, args: Record<string, string> = {}, mirror?: string) {
    const { registrations } = await declare((provider) => {
      const { debianMirror } = engine;
      const context = { environment: "dev" };
      // The schema would refuse the addresses of the test's own servers.
      const config = { registry, build: true, runtimes: [key], mirror, debianMirror };
      new Images("images", { context, config, domain: registry }, { provider });
    });
    const image = registrations.find(({ type }) => type === "docker:index/image:Image");
    assert.ok(image);
    const inputs = image.inputs as { imageName: string; build: { args: Record<string, string> } };
    const given = {
      ...inputs,
      skipPush: true,
      build: {
        ...inputs.build,
        network: "host",
        args: { ...inputs.build.args, BASE_IMAGE: engine.baseImage, ...args },
      },
    };
    const log = { log: () => Promise.resolve() };
    const operation = { urn: image.urn, preview: false, signal: new AbortController().signal };
    await imageHandler(log, () => readConfig({})).create(given as PropertyMap, operation);
    return inputs.imageName;
  }

  /** Runs an image as in a cluster: without capabilities, network or writable file system. */
  async function container(image: string, body: (id: string) => Promise<void>): Promise<void> {
    const restricted = [
      ...["--read-only", "--tmpfs", "/tmp:mode=1777", "--cap-drop", "ALL"],
      ...["--security-opt", "no-new-privileges", "--network", "none"],
    ];
    const id = (await run("docker", ["run", "--detach", ...restricted, image])).trim();
    try {
      await body(id);
    } catch (error) {
      const logs = await run("docker", ["logs", id]);
      throw new Error(`${image} wrote: ${logs}`, { cause: error });
    } finally {
      await run("docker", ["rm", "--force", id]);
    }
  }

  /** Returns the response to a request from inside the container. */
  async function answer(id: string, path: string): Promise<string> {
    const script =
      'exec 3<>/dev/tcp/127.0.0.1/8080; printf "GET %s HTTP/1.0\\r\\n\\r\\n" "$1" >&3; cat <&3';
    for (const end = Date.now() + 60_000; ;) {
      try {
        return await run("docker", ["exec", id, "bash", "-c", script, "request", path]);
      } catch (error) {
        if (Date.now() > end) throw error;
        await pause(250);
      }
    }
  }

  it("serve files with nginx as a user other than root, and an app adds its own", async () => {
    const nginx = await build("nginx:1.26");
    const format = "{{.Config.User}} {{json .Config.Healthcheck}} {{json .Config.Labels}}";
    const inspected = await run("docker", ["image", "inspect", "--format", format, nginx]);
    assert.match(inspected, /^10001:10001 null /);
    assert.match(inspected, /"org\.opencontainers\.image\.title":"nginx"/);
    assert.match(inspected, /"org\.opencontainers\.image\.version":"1\.26"/);
    await container(nginx, async (id) => {
      assert.match(await answer(id, "/"), /^HTTP\/1\.1 200 OK[^]*usr\/share\/nginx\/html/);
      assert.match(await answer(id, "/absent"), /^HTTP\/1\.1 404/);
      assert.equal((await run("docker", ["exec", id, "id", "-u"])).trim(), "10001");
    });

    const folder = mkdtempSync(join(tmpdir(), "static-app-"));
    try {
      mkdirSync(join(folder, "dist"));
      writeFileSync(join(folder, "dist", "index.html"), "the app's own page");
      const app = `${registry}/shop.example.com/shop:1.4.2-dev-0123456`;
      const facts = [`BASE_IMAGE=${nginx}`, "APP=shop", "VERSION=1.4.2", "COMMIT=0123456"];
      await run(
        "docker",
        [
          ...["build", "--tag", app, "--file", join(dockerFolder, "app-static", "Dockerfile")],
          ...facts.flatMap((fact) => ["--build-arg", fact]),
          folder,
        ],
        { env: { ...process.env, DOCKER_BUILDKIT: "1" } },
      );
      await container(app, async (id) => {
        assert.match(await answer(id, "/"), /the app's own page$/);
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("run Python as a user other than root", async () => {
    const python = await build("python:3.13");
    const program = "import os, ssl, sys; print(os.getuid(), sys.version_info[:2])";
    const output = await run("docker", [
      ...["run", "--rm", "--read-only", "--cap-drop", "ALL", "--network", "none"],
      ...[python, "python", "-c", program],
    ]);
    assert.equal(output.trim(), "10001 (3, 13)");
  });

  it("fetch from the mirror, and refuse a file with another checksum", async () => {
    const folder = mkdtempSync(join(tmpdir(), "mirror-"));
    mkdirSync(join(folder, "jdk", "bin"), { recursive: true });
    writeFileSync(join(folder, "jdk", "bin", "java"), "#!/bin/sh\necho stand-in\n", {
      mode: 0o755,
    });
    const archive = join(folder, "jdk.tar.gz");
    await run("tar", ["-C", folder, "-czf", archive, "jdk"]);
    const content = readFileSync(archive);
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? "");
      response.end(content);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const mirror = `http://127.0.0.1:${port}/sources/`;
    try {
      // The order of lines from parallel steps is not defined.
      await assert.rejects(
        build("jdk:25", {}, mirror),
        /sha256sum -c source\.tar\.gz\.sha256[^]*exit code: 1\b/,
      );
      const sum = createHash("sha256").update(content).digest("hex");
      const jdk = await build("jdk:25", { SOURCE_SHA256: sum }, mirror);
      const output = await run("docker", ["run", "--rm", "--network", "none", jdk, "java"]);
      assert.equal(output.trim(), "stand-in");
      assert.match(asked[0] ?? "", /^\/sources\/github\.com\/adoptium\/temurin25-binaries\//);
    } finally {
      server.close();
      rmSync(folder, { recursive: true });
    }
  });
});

/** Skips a test with the reason if a tool is not available; other errors are thrown. */
function skipFor(context: Mocha.Context, error: unknown, reason: new () => Error): void {
  if (!(error instanceof reason)) throw error;
  console.warn(`    skipped: ${error.message}`);
  context.skip();
}
