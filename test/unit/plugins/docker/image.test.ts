import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readConfig } from "../../../../local/plugins/resource-docker/config";
import { imageHandler } from "../../../../local/plugins/resource-docker/image";
import { PropertyMap, Secret, UNKNOWN } from "../../../../local/plugins/shared/values";
import { DockerStandIn, standInDocker } from "./stand-in";
import { NAME, DIGEST, WORKING, operation } from "./operations";

describe("docker.Image", () => {
  let root: string;
  let standIn: DockerStandIn | undefined;
  let shown: string[];

  const engine = {
    log: async (severity: string, message: string) => {
      shown.push(`${severity}: ${message}`);
    },
  };
  const image = (config: PropertyMap = {}) => imageHandler(engine, () => readConfig(config));
  const inputs = (more: PropertyMap = {}, build: PropertyMap = {}) => ({
    imageName: NAME,
    build: { context: root, ...build },
    ...more,
  });
  const checked = async (given: PropertyMap) => {
    const { inputs, failures } = await image().check(given, operation());
    assert.deepEqual(failures, []);
    return inputs;
  };

  beforeEach(() => {
    shown = [];
    root = mkdtempSync(join(tmpdir(), "image-"));
    writeFileSync(join(root, "Dockerfile"), "FROM scratch\n");
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
    standIn?.remove();
    standIn = undefined;
  });

  it("builds and pushes, and returns the pushed digest", async () => {
    standIn = standInDocker(WORKING);
    const { id, state } = await image().create(
      inputs(
        {},
        {
          ...{ platform: "linux/arm64", target: "run", network: "host" },
          addHosts: ["db:10.0.0.1"],
          cacheFrom: { images: ["cache:1"] },
          args: { VERSION: "1.4.2" },
        },
      ),
      operation(),
    );
    assert.equal(id, NAME);
    assert.deepEqual(state, {
      imageName: NAME,
      baseImageName: NAME,
      registryServer: "harbor.example.com",
      context: root,
      dockerfile: join(root, "Dockerfile"),
      platform: "linux/arm64",
      repoDigest: DIGEST,
    });
    const calls = standIn.calls();
    assert.deepEqual(
      calls.map(({ args }) => args[0]),
      ["version", "build", "push", "image"],
    );
    assert.deepEqual(calls[1]!.args, [
      ...["build", "--file", join(root, "Dockerfile"), "--tag", NAME],
      ...["--progress", "plain", "--platform", "linux/arm64"],
      ...["--target", "run", "--network", "host"],
      ...["--add-host", "db:10.0.0.1", "--cache-from", "cache:1"],
      ...["--build-arg", "VERSION", root],
    ]);
    assert.equal(calls[1]!.env.VERSION, "1.4.2");
    assert.equal(calls[1]!.env.DOCKER_BUILDKIT, "1");
    assert.deepEqual(calls[2]!.args, ["push", NAME]);
  });

  it("pushes nothing with skipPush, and returns the image's own id", async () => {
    standIn = standInDocker(WORKING);
    const given = inputs({ skipPush: true }, { builderVersion: "BuilderV1" });
    const { state } = await image().create(given, operation());
    assert.equal(state.repoDigest, "sha256:local");
    const calls = standIn.calls();
    assert.ok(calls.every(({ args }) => args[0] !== "push"));
    assert.equal(calls[1]!.env.DOCKER_BUILDKIT, "0");
    assert.ok(!calls[1]!.args.includes("--progress"));
  });

  it("passes secrets only through standard input and the environment", async () => {
    standIn = standInDocker(WORKING);
    const folder = join(process.env.HOME!, ".docker");
    mkdirSync(folder);
    const config = { auths: { "other.example.com": {} }, credsStore: "keychain" };
    writeFileSync(join(folder, "config.json"), JSON.stringify(config));
    const registry = new Secret({ username: "robot", password: "hunter2" });
    const args = { TOKEN: new Secret("s3cret\nlong line") };
    await image({
      registryAuth: JSON.stringify([
        { address: "mirror.example.com", username: "m", password: "mirr0r" },
      ]),
    }).create(inputs({ registry }, { args }), operation());

    const calls = standIn.calls();
    const logins = calls.filter(({ args }) => args[0] === "login");
    assert.deepEqual(
      logins.map(({ args, stdin }) => [args.slice(1), stdin]),
      [
        [["--username", "m", "--password-stdin", "mirror.example.com"], "mirr0r"],
        [["--username", "robot", "--password-stdin", "harbor.example.com"], "hunter2"],
      ],
    );
    assert.deepEqual(JSON.parse(logins[0]!.config), { auths: config.auths });
    const own = logins[0]!.env.DOCKER_CONFIG!;
    assert.notEqual(own, folder);
    assert.equal(existsSync(own), false);
    const build = calls.find(({ args }) => args[0] === "build")!;
    assert.equal(build.env.DOCKER_CONFIG, own);
    assert.equal(build.env.TOKEN, "s3cret\nlong line");
    const visible = [calls.map(({ args }) => args), shown].flat(9).join("\n");
    assert.doesNotMatch(visible, /hunter2|s3cret|long line|mirr0r/);
    assert.match(visible, /step with token s?\[secret\]/);
  });

  it("hides secrets in the error of a failed build, and logs out", async () => {
    standIn = standInDocker(`${WORKING}\ncase "$*" in build*) exit 17;; esac`);
    const registry = { username: "robot", password: "hunter2" };
    const given = inputs({ registry });
    await assert.rejects(
      async () => image().create(given, operation()),
      (error: Error) => {
        assert.match(error.message, /"docker build" failed \(exit code 17\)/);
        assert.match(error.message, /and \[secret\]/);
        assert.doesNotMatch(error.message, /hunter2/);
        return true;
      },
    );
    const own = standIn.calls().at(-1)!.env.DOCKER_CONFIG!;
    assert.equal(existsSync(own), false);
  });

  it("says what to do without a docker command, and without an engine", async () => {
    const { PATH } = process.env;
    process.env.PATH = root;
    try {
      await assert.rejects(async () => image().create(inputs(), operation()), {
        message:
          `Image ${NAME} cannot be built from ${root}: there is no docker command on PATH\n` +
          "Install a container engine with the docker command (Docker Engine or Docker Desktop); " +
          "or let this stack declare no builds, and name images that are in a registry already.",
      });
    } finally {
      process.env.PATH = PATH;
    }
    standIn = standInDocker("echo 'Cannot connect to the daemon' >&2; exit 1");
    await assert.rejects(
      async () => image().create(inputs(), operation()),
      /Cannot connect to the daemon\nStart the engine, or set DOCKER_HOST/,
    );
  });

  it("never builds in a preview, even if requested", async () => {
    standIn = standInDocker(WORKING);
    const given = inputs({ buildOnPreview: true });
    const ready = await checked(given);
    assert.match(shown.join(), /warning: buildOnPreview is set/);
    const { id, state } = await image().create(ready, operation(true));
    assert.equal(id, "");
    assert.equal(state.repoDigest, UNKNOWN);
    assert.equal(state.imageName, NAME);
    assert.deepEqual(standIn.calls(), []);
  });

  it("changes with the context, and not with passwords or caches", async () => {
    const before = await checked(inputs());
    const old = { id: NAME, state: {}, inputs: before };
    const same = await checked(
      inputs(
        { registry: { username: "new", password: "new" } },
        { cacheFrom: { images: ["new"] } },
      ),
    );
    assert.deepEqual(await image().diff(old, same), []);

    writeFileSync(join(root, "Dockerfile"), "FROM other\n");
    assert.deepEqual(await image().diff(old, await checked(inputs())), [
      {
        path: "build.contextDigest",
        keys: ["build", "contextDigest"],
        kind: "update",
        replace: false,
      },
    ]);
    const renamed = { ...before, imageName: `${NAME}-2` };
    assert.deepEqual(await image().diff(old, renamed), [
      { path: "imageName", keys: ["imageName"], kind: "update", replace: true },
    ]);
  });

  it("reports errors before anything is built", async () => {
    const reasons = async (given: PropertyMap) => {
      const { failures } = await image().check(given, operation());
      return failures.map(({ property, reason }) => `${property}: ${reason}`);
    };
    const place = `seen from ${process.cwd()}`;
    assert.deepEqual(await reasons({ imageName: "", build: { context: "no" } }), [
      "imageName: must be repository[:tag]",
      `build.context: there is no folder no, ${place}`,
    ]);
    assert.deepEqual(await reasons(inputs({}, { dockerfile: "no" })), [
      `build.dockerfile: there is no Dockerfile no, ${place}`,
    ]);
    const secret = { args: { DOCKER_HOST: new Secret("x") } };
    assert.match((await reasons(inputs({}, secret))).join(), /build\.args\.DOCKER_HOST: a secret/);
    assert.deepEqual(await reasons(inputs({ imageName: UNKNOWN }, { context: UNKNOWN })), []);
  });

  it("stops docker when the update is cancelled", async () => {
    standIn = standInDocker(`case "$*" in build*) exec sleep 60;; esac`);
    const cancelled = new AbortController();
    const { signal } = cancelled;
    const build = image().create(inputs(), { ...operation(), signal });
    setTimeout(() => cancelled.abort(), 500);
    await assert.rejects(async () => build, /abort/i);
  });

  it("refuses provider settings that it does not support", () => {
    assert.throws(() => readConfig({ sshOpts: "[]" }), /does not know sshOpts/);
    assert.deepEqual(readConfig({ host: "ssh://x", certPath: "/c" }).env, {
      DOCKER_HOST: "ssh://x",
      DOCKER_CERT_PATH: "/c",
      DOCKER_TLS_VERIFY: "1",
    });
  });
});
