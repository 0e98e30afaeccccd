import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Logging, type LoggingArgs } from "../../../../components/logging";
import { awsCredentials } from "../../../../components/shared/bucket";
import { at, declare, type Declared } from "../../../support/declare";
import { smallLogging } from "../../../support/logging";
import { runShell, standIn } from "../../../support/shell";
import type { PodSpec } from "../../../support/workloads";

function logging(bucket?: LoggingArgs["bucket"]): Promise<Declared> {
  return declare((provider) => {
    new Logging("logging", { ...smallLogging, bucket }, { provider });
  });
}

function nodes(declared: Declared): { spec: PodSpec; annotations: unknown } {
  const template = at(declared.object("StatefulSet", "elasticsearch"), "spec.template") as {
    spec: PodSpec;
    metadata: { annotations?: unknown };
  };
  return { spec: template.spec, annotations: template.metadata.annotations };
}

describe("the keystore of an Elasticsearch node", () => {
  it("is left to the image if there are no snapshots", async () => {
    const { spec, annotations } = nodes(await logging());
    assert.equal(spec.initContainers, undefined);
    assert.equal(annotations, undefined);
    assert.deepEqual(
      spec.volumes.map(({ name }) => name),
      ["files", "tls"],
    );
  });

  it("is created from a Secret that somebody creates by hand, even later", async () => {
    const declared = await logging({ secret: "backup-repository" });
    const { spec, annotations } = nodes(declared);
    assert.equal(annotations, undefined);
    assert.ok(!declared.names("Secret").includes("elasticsearch-bucket"));
    assert.deepEqual(spec.volumes.find(({ name }) => name === "bucket")?.secret, {
      secretName: "backup-repository",
      defaultMode: 0o440,
      items: [{ key: "credentials", path: "credentials" }],
      optional: true,
    });
  });

  it("is created from the config's keys, and again when they change", async () => {
    const declared = await logging({ accessKey: "KEY", secretKey: "secret-key" });
    const { spec, annotations } = nodes(declared);
    const volume = spec.volumes.find(({ name }) => name === "bucket");
    assert.equal(volume?.secret?.secretName, "elasticsearch-bucket");
    assert.equal(volume.secret.optional, false);
    assert.deepEqual(at(declared.object("Secret", "elasticsearch-bucket"), "stringData"), {
      credentials: awsCredentials("KEY", "secret-key"),
    });
    const other = nodes(await logging({ accessKey: "KEY", secretKey: "another-key" }));
    assert.notDeepEqual(other.annotations, annotations);
  });

  it("is in a folder of settings that the node may write to, before the node starts", async () => {
    const { spec } = nodes(await logging({ secret: "backup-repository" }));
    const [init] = spec.initContainers ?? [];
    const [node] = spec.containers;
    assert.equal(init?.image, node?.image);
    const written = init?.volumeMounts?.find(({ mountPath }) => mountPath === "/prepared");
    const read = node?.volumeMounts?.find(
      ({ mountPath }) => mountPath === "/usr/share/elasticsearch/config",
    );
    assert.deepEqual([written?.name, read?.name], ["settings", "settings"]);
    assert.ok(!written?.readOnly && !read?.readOnly);
  });
});

describe("the script that creates it", () => {
  let root: string;
  const path = (name: string) => join(root, name);
  const prepared = (name: string) => readFileSync(join(root, "prepared", name), "utf8");
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "keystore-test-"));
    mkdirSync(path("config/sub"), { recursive: true });
    mkdirSync(path("prepared"));
    writeFileSync(path("config/jvm.options"), "-Xss1m\n");
    writeFileSync(path("config/sub/file"), "below\n");
    // Like the real tool, it asks before it overwrites a keystore, and accepts a value once.
    standIn(
      path("bin/elasticsearch-keystore"),
      `file="$ES_PATH_CONF/elasticsearch.keystore"
case $1 in
  create) [ ! -e "$file" ] || exit 9; echo "created $*" >"$file" ;;
  add) [ "$2" = --stdin ] || exit 8; echo "$3=$(cat)" >>"$file" ;;
esac`,
    );
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const run = () =>
    runShell("logging/keystore/prepare.sh", {
      PATH: `${path("bin")}:${process.env["PATH"]}`,
      CONFIG: path("config"),
      ES_PATH_CONF: path("prepared"),
      CREDENTIALS: path("credentials"),
    });

  it("copies the image's settings and adds both keys", () => {
    writeFileSync(path("credentials"), awsCredentials("KEY", "se/cret+key=="));
    const { code, stdout, stderr } = run();
    assert.equal(code, 0, stderr);
    assert.equal(prepared("jvm.options"), "-Xss1m\n");
    assert.equal(prepared("sub/file"), "below\n");
    assert.equal(
      prepared("elasticsearch.keystore"),
      "created create\ns3.client.default.access_key=KEY\ns3.client.default.secret_key=se/cret+key==\n",
    );
    assert.doesNotMatch(stdout + stderr, /cret/);
  });

  it("may run again, and then uses the current file", () => {
    writeFileSync(path("credentials"), awsCredentials("KEY", "first"));
    assert.equal(run().code, 0);
    writeFileSync(
      path("credentials"),
      "[default]\r\naws_access_key_id=K\r\naws_secret_access_key=s\r\n",
    );
    assert.equal(run().code, 0);
    assert.match(prepared("elasticsearch.keystore"), /^created create\n.*=K\n.*=s\n$/);
  });

  it("works without keys, so that logs do not wait for their backup", () => {
    const { code, stdout } = run();
    assert.equal(code, 0);
    assert.match(stdout, /this node cannot write snapshots; create the Secret and restart the pod/);
    assert.equal(prepared("elasticsearch.keystore"), "created create\n");
  });

  it("fails on a file that lacks a key, and names it without a value", () => {
    writeFileSync(path("credentials"), "[default]\naws_access_key_id = KEY\n");
    const { code, stderr } = run();
    assert.equal(code, 1);
    assert.match(stderr, /has no line 'aws_secret_access_key = …'/);
    assert.doesNotMatch(stderr, /KEY/);
    assert.ok(existsSync(path("prepared/elasticsearch.keystore")));
  });
});
