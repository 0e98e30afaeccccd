import assert from "node:assert/strict";
import { InvalidConfig, parseStack } from "../../../config";
import { encryptedPlaceholder, isEncrypted } from "../../../config/secret-text";
import { kubernetesObjects } from "../../../render/objects";
import { record } from "../../../render/record";
import program from "../../../index";
import { ceph } from "../../support/storage";
import { small } from "./small";

/** In the format of `pulumi config set --secret`. */
const secure = { secure: "v1:2yxp+YGuKGrCYuNF:3Nah0YSCbERm5Pot5IXzh5ZzPYlNpw==" };

const backup = {
  repository: { endpoint: "https://s3.example.com", bucket: "backups" },
  credentials: { accessKey: secure, secretKey: secure, password: secure },
};
const storage = {
  ceph: {
    ...ceph,
    rbd: { ...ceph.rbd, user: { id: "kubernetes", key: secure } },
    cephfs: { ...ceph.cephfs, user: { id: "kubernetes-fs", key: secure } },
  },
};
const images = {
  build: false,
  runtimes: ["nginx:1.26"],
  credentials: { username: "u", password: secure },
};
const registry = {
  external: { address: "images.example.com", credentials: { username: "u", password: secure } },
};
const monitoring = {
  alertRoutes: { default: [{ type: "webhook", url: { value: secure } }] },
};

function withComponents(components: object): Record<string, unknown> {
  return { ...small, components: { ...small.components, ...components } };
}

function errors(values: Record<string, unknown>): string[] {
  try {
    parseStack("dev", values);
    return [];
  } catch (error) {
    assert.ok(error instanceof InvalidConfig, String(error));
    return error.errors.map(({ key, message }) => `${key}: ${message}`);
  }
}

describe("a config with encrypted values, read by the engine", () => {
  const key = "PULUMI_CONFIG_SECRET_KEYS";
  const former = process.env[key];
  const config = Object.fromEntries(
    Object.entries(small).map(([name, value]) => [`platform:${name}`, value]),
  );
  afterEach(() => {
    if (former === undefined) delete process.env[key];
    else process.env[key] = former;
  });

  it("is refused outside of the components, where it would be declared in plain text", async () => {
    process.env[key] = JSON.stringify(["platform:components", "platform:apps", "pulumi:tags"]);
    await assert.rejects(record(program, "dev", config), (error: unknown) => {
      assert.ok(error instanceof InvalidConfig, String(error));
      assert.deepEqual(error.errors, [
        {
          key: "platform:apps",
          message:
            "expected no encrypted value, which would be declared in plain text, got at least one; create a Secret in the namespace, and name it in secretEnv or secretFiles of the app",
        },
      ]);
      return true;
    });
  });

  it("is accepted in the components", async () => {
    process.env[key] = JSON.stringify(["platform:components"]);
    assert.ok((await record(program, "dev", config)).registrations.length > 0);
  });
});

describe("a stack's file with encrypted values, read without the engine", () => {
  const cases = { backup, storage, images, registry, monitoring };
  for (const [part, config] of Object.entries(cases)) {
    it(`is accepted in ${part}, where the program accepts a secret`, () => {
      const needs = part === "backup" ? { monitoring: {}, registry: {} } : {};
      assert.deepEqual(errors(withComponents({ ...needs, [part]: config })), []);
    });
  }

  it("has a mark for each secret, and nothing of the encrypted text", () => {
    const { components } = parseStack("dev", withComponents({ storage }));
    const user = components.storage?.ceph?.rbd?.user;
    assert.deepEqual(user, { id: "kubernetes", key: encryptedPlaceholder });
    assert.doesNotMatch(JSON.stringify(components), /secure|v1:/);
  });

  it("is rendered, with the mark in the Secrets", async () => {
    const values = Object.entries(withComponents({ storage }));
    const config = Object.fromEntries(values.map(([key, value]) => [`platform:${key}`, value]));
    const objects = kubernetesObjects((await record(program, "dev", config)).registrations);
    const keys = objects
      .filter(({ kind, metadata }) => kind === "Secret" && metadata.namespace === "storage")
      .map((object) => object["stringData"] as Record<string, string>);
    assert.deepEqual(
      keys.map((data) => data["userKey"] ?? data["adminKey"]),
      [encryptedPlaceholder, encryptedPlaceholder],
    );
  });

  it("is refused where the program accepts no secret, without showing the encrypted text", () => {
    assert.deepEqual(errors({ ...small, domain: secure }), [
      "platform:domain: expected a string, got an encrypted value",
    ]);
  });
});

describe("an encrypted value", () => {
  it("is a mapping of `secure` alone to a text", () => {
    assert.equal(isEncrypted(secure), true);
    for (const other of [null, "secure", [], { secure: 1 }, { secure: "a", b: 1 }, { b: "a" }]) {
      assert.equal(isEncrypted(other), false, JSON.stringify(other));
    }
  });

  it("does not bypass the check of a text that is not encrypted", () => {
    const short = { ...backup, credentials: { ...backup.credentials, password: "too-short" } };
    assert.deepEqual(errors(withComponents({ monitoring: {}, registry: {}, backup: short })), [
      "platform:components.backup.credentials.password: expected an encryption key of at least 20 characters without spaces, got another value (not shown); set it with pulumi config set --secret --path",
    ]);
  });
});
