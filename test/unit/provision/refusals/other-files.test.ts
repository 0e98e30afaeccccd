import assert from "node:assert/strict";
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { parseCluster } from "../../../../provision";
import { type Given, example, errorsAfter, machines } from "./errors";

describe("certificate authorities of a cluster", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "authorities-"));
    mkdirSync(join(folder, "clusters"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const errors = (file: string) =>
    errorsAfter((it) => (it["runtime"] = { authorities: file }), folder);

  it("are read from a file of the project", () => {
    const text = "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n";
    writeFileSync(join(folder, "clusters/ca.crt"), text);
    const given = { ...example(), runtime: { authorities: "clusters/ca.crt" } };
    assert.equal(parseCluster("prod", given, folder).authorities, text);
  });

  it("are refused with a private key, without a certificate, and outside of the project", () => {
    writeFileSync(join(folder, "key"), "-----BEGIN PRIVATE KEY-----");
    writeFileSync(join(folder, "text"), "none");
    const key = "runtime.authorities: expected";
    assert.deepEqual(errors("key"), [
      `${key} certificates only, got "key"; the file has a private key: remove it, and treat the key as known`,
    ]);
    assert.deepEqual(errors("text"), [`${key} a file of certificates (PEM), got "text"`]);
    assert.deepEqual(errors("gone"), [`${key} a file that exists, got "gone"`]);
    assert.deepEqual(errors("../text"), [
      `${key} a path below the project's folder, got "../text"`,
    ]);
  });
});

describe("a cluster and its stacks", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "stacks-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Errors with a stack of the given config next to a small one. */
  const errors = (
    config: Given,
    change: (given: ReturnType<typeof example>) => void = () => {},
  ) => {
    const small = {
      "platform:environment": "online",
      "platform:domain": "example.com",
      "platform:cluster": { kubeconfig: "k", context: "c" },
      ...config,
    };
    writeFileSync(join(folder, "Pulumi.shop.yaml"), stringify({ config: small }));
    return errorsAfter((it) => {
      it["stacks"] = ["shop"] as never;
      change(it);
    }, folder);
  };
  const group = { labels: { "example.com/pool": "fast" }, exclusive: true };

  it("agree about node groups", () => {
    const nodeGroups = { "platform:nodeGroups": { fast: group } };
    assert.deepEqual(errors(nodeGroups), [
      "groups.fast: expected group fast, which platform:nodeGroups of stack shop has, got nothing; add it, and set it on machines",
    ]);
    const withGroup = (labels: object) => (it: ReturnType<typeof example>) => {
      it["groups"] = { fast: { ...group, labels } };
      machines(it)["worker-1"]!["group"] = "fast";
    };
    assert.deepEqual(errors(nodeGroups, withGroup(group.labels)), []);
    assert.deepEqual(errors(nodeGroups, withGroup({ "example.com/pool": "slow" })), [
      'groups.fast: expected the group in platform:nodeGroups.fast of stack shop, {"labels":{"example.com/pool":"fast"},"exclusive":true}, got {"labels":{"example.com/pool":"slow"},"exclusive":true}',
    ]);
    assert.deepEqual(errors({}, withGroup(group.labels)), [
      'groups.fast: expected a group of platform:nodeGroups of shop, got "fast"; add it there, or remove it',
    ]);
  });

  it("agree about the version and the etcd member that is backed up", () => {
    const cluster = { kubeconfig: "k", context: "c", version: "1.35" };
    const backup = {
      repository: { endpoint: "https://s3.example.org", bucket: "backup" },
      credentials: { secret: "backup" },
      etcd: { endpoint: "https://10.20.0.99:2379", secret: "etcd-client" },
    };
    assert.deepEqual(errors({ "platform:cluster": cluster, "platform:components": { backup } }), [
      'version: expected a version 1.35, like platform:cluster.version of stack shop, got "1.36.3"; change both together',
      "machines: expected a control-plane machine with 10.20.0.99, which platform:components.backup.etcd.endpoint of stack shop names, got 10.20.0.21, 10.20.0.22, 10.20.0.23",
    ]);
  });

  it("may still name the former version until the control plane is upgraded", () => {
    const config = { "platform:cluster": { kubeconfig: "k", context: "c", version: "1.36" } };
    const upgraded = (names: string[]) => (it: ReturnType<typeof example>) => {
      Object.assign(it, { version: "1.37.2" });
      for (const name of Object.keys(machines(it))) {
        if (!names.includes(name)) machines(it)[name]!["version"] = "1.36.3";
      }
    };
    const planes = ["control-1", "control-2", "control-3"];
    assert.deepEqual(errors(config, upgraded(["control-1"])), []);
    assert.deepEqual(errors(config, upgraded(planes)), [
      'version: expected a version 1.36, like platform:cluster.version of stack shop, got "1.37.2"; change both together',
    ]);
  });

  it("must exist", () => {
    assert.deepEqual(
      errorsAfter((it) => (it["stacks"] = ["gone"] as never), folder),
      ['stacks[0]: expected one of the stacks (there is none), got "gone"'],
    );
  });
});
