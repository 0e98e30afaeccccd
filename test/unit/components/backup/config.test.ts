import assert from "node:assert/strict";
import { ownSources, sourcesOf } from "../../../../components/backup/wiring";
import { otherParts } from "../../../../components/monitoring";
import { kubernetesObjects } from "../../../../render/objects";
import { InvalidConfig, parseStack, type StackConfig } from "../../../../config";
import { stackRecording } from "../../../support/stacks";

const repository = { endpoint: "https://s3.example.com", bucket: "backups" };
const credentials = { secret: "bucket" };
const valid = { repository, credentials };

function stack(backup: object, parts: object = { monitoring: {} }): StackConfig {
  return parseStack("dev", {
    environment: "dev",
    domain: "platform.test",
    cluster: { kubeconfig: ".kube/config", context: "dev" },
    components: { ...parts, backup },
  });
}

function errors(...args: Parameters<typeof stack>): string[] {
  try {
    stack(...args);
    return [];
  } catch (error) {
    assert.ok(error instanceof InvalidConfig, String(error));
    return error.errors.map(({ key, message }) => `${key}: ${message}`);
  }
}

const root = "platform:components.backup";

describe("the backup section", () => {
  it("has defaults for everything that is not company-specific", () => {
    const { backup } = stack(valid).components;
    assert.deepEqual(backup?.retention, { last: 10, daily: 14, weekly: 8, monthly: 12 });
    assert.equal(backup?.repository.region, "us-east-1");
    assert.equal(backup?.etcd, undefined);
    const times = Object.values(backup?.schedules ?? {});
    assert.equal(new Set(times).size, times.length, "no two at one time");
  });

  it("needs a bucket and keys", () => {
    assert.deepEqual(errors({}), [
      `${root}.repository: expected a mapping, got nothing`,
      `${root}.credentials: expected {secret} with the name of a Secret of each saved system's namespace, or {accessKey, secretKey, password}, got nothing`,
    ]);
  });

  it("never shows an invalid key", () => {
    const [error = ""] = errors({
      repository,
      credentials: { accessKey: "AKIA123", secretKey: "very-secret-key", password: "too-short" },
    });
    assert.match(error, /credentials/);
    assert.doesNotMatch(error, /AKIA123|very-secret-key|too-short/);
  });

  it("accepts only daily times, because the alert on old backups relies on it", () => {
    const weekly = { ...valid, schedules: { nexus: "0 2 * * 6" } };
    assert.deepEqual(errors(weekly), [
      `${root}.schedules.nexus: expected a time of every day in UTC as cron writes it, with one space between its fields, for example "30 1 * * *", got "0 2 * * 6"`,
    ]);
  });

  it("refuses a stack with nothing to save, and a pause of a system that is not saved", () => {
    const [nothing = ""] = errors(valid, {});
    assert.match(
      nothing,
      /^platform:components\.backup: expected something to back up: .*, got nothing$/,
    );
    const [unknown = ""] = errors({ ...valid, suspended: ["grafana", "nexus"] });
    assert.equal(
      unknown,
      `${root}.suspended[1]: expected a system that this stack backs up (grafana), got "nexus"`,
    );
  });

  it("requires etcd's address with TLS", () => {
    const etcd = { endpoint: "http://10.0.0.1:2379", secret: "etcd" };
    assert.match(errors({ ...valid, etcd })[0] ?? "", /etcd\.endpoint: expected .*, got "http:/);
    const secure = { ...etcd, endpoint: "https://10.0.0.1:2379" };
    assert.deepEqual(errors({ ...valid, etcd: secure }, {}), []);
  });

  it("saves a GitLab alone, and requires a server, a port and a user", () => {
    const gitlab = { host: "git.example.com", secret: "gitlab-backup" };
    assert.deepEqual(errors({ ...valid, gitlab }, {}), []);
    assert.deepEqual(
      errors({ ...valid, gitlab: { host: "https://git", port: 0, user: "Back up", secret: "s" } }),
      [
        `${root}.gitlab.host: expected a host name in lower case or an IP address, for example db.example.com, got "https://git"`,
        `${root}.gitlab.port: expected an integer from 1 to 65535, got 0`,
        `${root}.gitlab.user: expected the name of a user, such as backup, got "Back up"`,
      ],
    );
    const source = { ...gitlab, port: 2222, user: "backup" };
    assert.deepEqual(ownSources({ gitlab: source }), {
      gitlab: { namespace: "backup", ...source },
    });
  });

  it("enables the alerts on backups; a stack without it has none", () => {
    assert.deepEqual(otherParts(stack(valid).components).backup, { oldest: 26 });
    const without = parseStack("dev", {
      environment: "dev",
      domain: "platform.test",
      cluster: { kubeconfig: ".kube/config", context: "dev" },
    });
    assert.equal(otherParts(without.components).backup, undefined);
  });
});

describe("the systems to save", () => {
  const external = {
    host: "postgres.example.com",
    port: 5433,
    name: "harbor",
    sslMode: "require",
    secret: "own",
  };

  it("follow from the parts", () => {
    assert.deepEqual(sourcesOf({}), {});
    assert.deepEqual(Object.keys(sourcesOf({ ci: {}, logging: {}, monitoring: {} })).sort(), [
      "elasticsearch",
      "grafana",
      "jenkins",
    ]);
  });

  it("include no systems outside the cluster", () => {
    assert.deepEqual(sourcesOf({ ci: { external: {} }, registry: { external: {} } }), {});
  });

  it("include an external database with its own address and Secret", () => {
    const { harbor } = sourcesOf({ registry: { database: { type: "external", ...external } } });
    assert.deepEqual(harbor?.database, {
      type: "postgresql",
      host: "postgres.example.com",
      port: 5433,
      name: "harbor",
      sslMode: "require",
      username: { secret: "own", key: "username" },
      password: { secret: "own", key: "password" },
    });
  });

  it("trust the log pipeline's own authority, or the stack's", () => {
    const authority = (logging: object) => sourcesOf({ logging }).elasticsearch?.authority.secret;
    assert.equal(authority({}), "logging-tls");
    assert.equal(authority({ tlsSecret: "own-tls" }), "own-tls");
  });
});

describe("the names that backups rely on", () => {
  it("are those of the objects that the parts declare", async function () {
    this.timeout(60_000);
    const objects = kubernetesObjects((await stackRecording("dev")).registrations);
    const names = new Set(
      objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ""}/${metadata.name}`),
    );
    for (const name of [
      "Service registry/harbor-database",
      "Secret registry/harbor-database",
      "Secret registry/harbor-core",
      "StatefulSet ci/jenkins",
      "Service artifacts/nexus",
      "Secret artifacts/nexus-admin",
      "Secret artifacts/nexus-server",
      "StatefulSet artifacts/nexus",
      "PersistentVolumeClaim monitoring/grafana",
      "Secret monitoring/grafana",
    ]) {
      assert.ok(names.has(name), `${name} is not declared`);
    }
  });
});
