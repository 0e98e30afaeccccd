import assert from "node:assert/strict";
import { nexusRefusal } from "../../support/contracts/nexus";
import { bootstrapSettings } from "../../../components/artifacts/bootstrap-settings";
import type { ArtifactsConfig } from "../../../config";
import {
  recordingServer,
  runBootstrap,
  type Answer,
  type RecordedRequest,
  type RecordingServer,
} from "../../support/bootstrap";

const secrets = {
  "admin-password": "Lasting0Password",
  "initial-password": "Initial0Password",
  "ci-password": "Ci0Password",
};

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

type Named = Record<string, unknown>;

/** A stub with the subset of Nexus's API that the script uses, and its state in memory. */
class FakeNexus {
  passwords = new Map([["admin", secrets["initial-password"]]]);
  eula = { accepted: false, disclaimer: "Use of this software is governed by its licence." };
  anonymous = { enabled: true, userId: "anonymous", realmName: "NexusAuthorizingRealm" };
  blobStores: Named[] = [{ name: "default", type: "File" }];
  policies: Named[] | undefined = [];
  repositories = new Map<string, Named>();
  roles = new Map<string, Named>();
  users: Named[] = [{ userId: "admin" }];
  /** Request that fails once. */
  failOnce?: RegExp;

  answer = ({ method, path, user, body }: RecordedRequest): Answer => {
    const call = `${method} ${path.replace("/service/rest/v1", "")}`;
    if (this.failOnce?.test(call)) {
      this.failOnce = undefined;
      return { status: 500, body: { message: "the database is locked" } };
    }
    if (call === "GET /status") return { status: 200 };
    if (user !== undefined && this.passwords.get(user.name) !== user.password) {
      return { status: 401 };
    }
    if (user?.name !== "admin") return { status: 403 };
    const refused = method === "GET" ? undefined : nexusRefusal(call, body);
    if (refused !== undefined) return { status: 400, body: { message: refused } };
    return this.api(call, body);
  };

  private api(call: string, body: unknown): Answer {
    const fields = (body ?? {}) as Named;
    const name = String(fields["name"]);
    const [, method = "", area = "", rest = ""] = /^(\w+) \/([^/?]+)\/?(.*)$/.exec(call) ?? [];
    if (area === "repositories") return this.repository(method, rest, fields);
    const password = /^PUT \/security\/users\/(\w+)\/change-password$/.exec(call)?.[1];
    if (password !== undefined) {
      this.passwords.set(password, String(body));
      return { status: 204 };
    }
    switch (`${method} /${area}/${rest}`.replace(/\/$/, "")) {
      case "GET /security/users?userId=admin":
      case "GET /security/users?userId=ci": {
        const id = rest.split("=")[1];
        return { status: 200, body: this.users.filter(({ userId }) => userId === id) };
      }
      case "POST /security/users":
        this.users.push({ ...fields, password: undefined, source: "default" });
        this.passwords.set(String(fields["userId"]), String(fields["password"]));
        return { status: 200 };
      case "GET /system/eula":
        return { status: 200, body: this.eula };
      case "POST /system/eula":
        if (fields["disclaimer"] !== this.eula.disclaimer) return { status: 500 };
        this.eula.accepted = fields["accepted"] === true;
        return { status: 204 };
      case "GET /security/anonymous":
        return { status: 200, body: this.anonymous };
      case "PUT /security/anonymous":
        Object.assign(this.anonymous, fields);
        return { status: 200 };
      case "GET /blobstores":
        return { status: 200, body: this.blobStores };
      case "POST /blobstores/file":
        this.blobStores.push({ name, type: "File" });
        return { status: 204 };
      case "GET /cleanup-policies":
        return this.policies === undefined
          ? { status: 403 }
          : { status: 200, body: this.policies.map((policy) => ({ ...policy, retain: null })) };
      case "POST /cleanup-policies":
        this.policies?.push(fields);
        return { status: 201 };
      case "GET /security/roles/ci":
        return this.found(this.roles.get("ci"));
      case "POST /security/roles":
        this.roles.set(String(fields["id"]), { ...fields, source: "default" });
        return { status: 200 };
      default:
        return { status: 405, body: { message: `${call} is not expected` } };
    }
  }

  private repository(method: string, rest: string, fields: Named): Answer {
    const [format, type, name] = rest.split("/");
    const kind = `${String(format)}/${String(type)}`;
    if (method === "GET") return this.found(this.repositories.get(`${kind}/${String(name)}`));
    const members = (fields["group"] as { memberNames: string[] } | undefined)?.memberNames ?? [];
    const missing = members.filter(
      (member) => ![...this.repositories.keys()].some((key) => key.endsWith(`/${member}`)),
    );
    if (missing.length > 0) return { status: 400, body: { message: `no ${missing.join()}` } };
    this.repositories.set(`${kind}/${String(fields["name"])}`, fields);
    return { status: method === "POST" ? 201 : 204 };
  }

  private found(body: unknown): Answer {
    return body === undefined ? { status: 404 } : { status: 200, body };
  }
}

describe("Nexus's bootstrap script", () => {
  let nexus: FakeNexus;
  let server: RecordingServer;
  beforeEach(async () => {
    nexus = new FakeNexus();
    server = await recordingServer(nexus.answer);
  });
  afterEach(() => server.close());

  const script = (changed: Partial<ArtifactsConfig> = {}, files: Record<string, string> = {}) =>
    runBootstrap(
      "artifacts/bootstrap.mjs",
      bootstrapSettings(server.url, { ...config, ...changed }),
      {
        ...secrets,
        ...files,
      },
    );

  it("makes everything in the first run", async () => {
    const { code, stderr } = await script();
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
    it(`goes on after a run that failed at ${step.source}`, async () => {
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

  it("fails for good when neither password holds, says what to do, and never shows one", async () => {
    nexus.passwords.set("admin", "set by hand");
    const { code, stdout, stderr } = await script();
    assert.equal(code, 2, "the Job would try again");
    assert.match(stderr, /Nexus refuses both passwords of admin, .* of the Secret nexus-admin/);
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

  it("says when the edition has no cleanup policies, and makes the repositories without", async () => {
    nexus.policies = undefined;
    const { code, stdout } = await script();
    assert.equal(code, 0);
    assert.match(stdout, /This edition of Nexus has no API for cleanup policies \(403\)/);
    assert.equal(nexus.repositories.get("npm/proxy/npm")?.["cleanup"], undefined);
  });

  it("writes a group whose members have another order, since they are asked in order", async () => {
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
  it("never write a released version twice, and keep its copies for good", () => {
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
