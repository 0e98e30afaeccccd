import assert from "node:assert/strict";
import { bootstrapSettings } from "../../../../components/artifacts/bootstrap-settings";
import type { ArtifactsConfig } from "../../../../config";
import {
  startRecordingServer,
  runBootstrap,
  runBootstrapHere,
  type RecordingServer,
} from "../../../support/bootstrap";
import { secrets, type Named, SimulatedNexus } from "./simulated-nexus";

const config: ArtifactsConfig = {
  acceptEula: true,
  replicas: 1,
  database: { type: "h2" },
  storage: { size: "10Gi" },
  heap: "1Gi",
  blobStores: ["maven2", "npm"],
  cleanup: { unusedFor: 90 * 86_400 },
  repositories: {
    maven: { format: "maven2", type: "group", members: ["releases", "copies"] },
    copies: {
      format: "maven2",
      type: "proxy",
      remote: "https://mirror.example.com/maven/",
      versionPolicy: "release",
    },
    releases: { format: "maven2", type: "hosted", versionPolicy: "release", overwrite: false },
    npm: {
      format: "npm",
      type: "proxy",
      remote: "https://mirror.example.com/npm/",
      versionPolicy: "release",
    },
  },
};

describe("Nexus's bootstrap script", () => {
  let nexus: SimulatedNexus;
  let server: RecordingServer;
  beforeEach(async () => {
    nexus = new SimulatedNexus();
    server = await startRecordingServer(nexus.answer);
  });
  afterEach(() => server.close());

  const script = (
    changed: Partial<ArtifactsConfig> = {},
    files: Record<string, string> = {},
    run = runBootstrapHere,
  ) =>
    run("artifacts/bootstrap.mjs", bootstrapSettings(server.url, { ...config, ...changed }), {
      ...secrets,
      ...files,
    });

  it("creates everything in the first run", async () => {
    const { code, stderr } = await script({}, {}, runBootstrap);
    assert.equal(code, 0, stderr);
    assert.equal(nexus.passwords.get("admin"), secrets["admin-password"]);
    assert.equal(nexus.passwords.get("ci"), secrets["ci-password"]);
    assert.equal(nexus.eula.accepted, true);
    assert.deepEqual(nexus.anonymous, {
      enabled: false,
      userId: "anonymous",
      realmName: "NexusAuthorizingRealm",
    });
    assert.deepEqual(
      nexus.blobStores.map(({ name }) => name),
      ["default", "maven2", "npm"],
    );
    assert.deepEqual(nexus.policies, [
      { name: "unused-maven2", format: "maven2", criteriaLastDownloaded: 90 },
      { name: "unused-npm", format: "npm", criteriaLastDownloaded: 90 },
    ]);
    assert.deepEqual(
      [...nexus.repositories].map(([key, { cleanup }]) => [key, cleanup]),
      [
        ["maven/proxy/copies", { policyNames: ["unused-maven2"] }],
        ["maven/hosted/releases", undefined],
        ["npm/proxy/npm", { policyNames: ["unused-npm"] }],
        ["maven/group/maven", undefined],
      ],
    );
  });

  it("changes nothing in a second run, and says so", async () => {
    await script();
    server.requests.length = 0;
    const { code, stdout, stderr } = await script();
    assert.equal(code, 0, stderr);
    assert.deepEqual(server.writes(), []);
    assert.equal(stdout, "Nothing to change.\n");
  });

  for (const step of [
    /^POST \/system\/eula/,
    /^POST \/blobstores/,
    /^POST \/repositories\/maven\/group/,
    /^POST \/security\/users/,
  ]) {
    it(`continues after a run that failed at ${step.source}`, async () => {
      nexus.failOnce = step;
      const failed = await script();
      assert.equal(failed.code, 1);
      assert.match(failed.stderr, /answered 500: .*the database is locked/);
      const again = await script();
      assert.equal(again.code, 0, again.stderr);
      assert.equal(nexus.repositories.size, 4);
      assert.equal(nexus.users.length, 2);
      assert.equal(nexus.eula.accepted, true);
      server.requests.length = 0;
      await script();
      assert.deepEqual(server.writes(), []);
    });
  }

  it("fails without a retry if neither password is valid, says what to do, and never shows one", async () => {
    nexus.passwords.set("admin", "set by hand");
    const { code, stdout, stderr } = await script();
    assert.equal(code, 2, "the Job would try again");
    assert.match(stderr, /Nexus rejects both passwords of admin, .* in Secret nexus-admin/);
    for (const password of Object.values(secrets)) {
      assert.ok(!(stdout + stderr).includes(password));
    }
    assert.deepEqual(server.writes(), []);
  });

  it("accepts the license only if the config does", async () => {
    const { code, stdout } = await script({ acceptEula: false });
    assert.equal(code, 0);
    assert.equal(nexus.eula.accepted, false);
    assert.ok(!server.requests.some(({ path }) => path.endsWith("/system/eula")));
    assert.match(stdout, /repositories answer 403 until acceptEula is true/);
  });

  it("says if the edition has no cleanup policies, and creates the repositories without them", async () => {
    nexus.policies = undefined;
    const { code, stdout } = await script();
    assert.equal(code, 0);
    assert.match(stdout, /This edition of Nexus has no API for cleanup policies \(403\)/);
    assert.equal(nexus.repositories.get("npm/proxy/npm")?.["cleanup"], undefined);
  });

  it("writes a group whose members have another order, because they are queried in order", async () => {
    await script();
    server.requests.length = 0;
    const { maven, ...others } = config.repositories;
    assert.equal(maven?.type, "group");
    await script({
      repositories: { ...others, maven: { ...maven, members: ["copies", "releases"] } },
    });
    assert.deepEqual(server.writes(), ["PUT /service/rest/v1/repositories/maven/group/maven"]);
  });

  it("sets a new password of the builds' account", async () => {
    await script();
    server.requests.length = 0;
    await script({}, { "ci-password": "Another0Password" });
    assert.deepEqual(server.writes(), ["PUT /service/rest/v1/security/users/ci/change-password"]);
    assert.equal(nexus.passwords.get("ci"), "Another0Password");
  });
});

describe("Nexus's bootstrap settings", () => {
  it("never overwrite a released version, and keep its copies forever", () => {
    const { repositories } = bootstrapSettings("http://nexus", config);
    const body = (name: string) => repositories.find((entry) => entry.name === name)?.body as Named;
    assert.deepEqual(body("releases")["storage"], {
      blobStoreName: "maven2",
      strictContentTypeValidation: true,
      writePolicy: "ALLOW_ONCE",
    });
    assert.deepEqual(body("releases")["maven"], {
      versionPolicy: "RELEASE",
      layoutPolicy: "STRICT",
    });
    assert.equal((body("copies")["proxy"] as Named)["contentMaxAge"], -1);
    assert.equal((body("npm")["proxy"] as Named)["contentMaxAge"], 1440);
    assert.equal(body("npm")["maven"], undefined);
  });
});
