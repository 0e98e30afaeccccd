import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runShell, standIn } from "../../../support/shell";

describe("Kafka's scripts", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "kafka-test-"));
    for (const name of ["settings", "work", "secrets"]) mkdirSync(join(folder, name));
    writeFileSync(join(folder, "settings", "server.properties"), "process.roles=broker\n");
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const path = (...parts: string[]) => join(folder, ...parts);
  const calls = () => readFileSync(path("calls"), "utf8").trim().split("\n");

  function start(extra: Record<string, string> = {}) {
    for (const tool of ["kafka-storage.sh", "kafka-server-start.sh"]) {
      standIn(path("kafka", "bin", tool), `echo "${tool} $*" >>"${path("calls")}"`);
    }
    return runShell("logging/kafka/start.sh", {
      POD_NAME: "kafka-2",
      NODES_DOMAIN: "kafka-nodes.logging.svc",
      CLUSTER_ID: "-abc",
      KAFKA: path("kafka"),
      SETTINGS: path("settings"),
      SECRETS: path("none"),
      TLS: path("none"),
      WORK: path("work"),
      ...extra,
    });
  }

  it("set the node's id and address, format the disk, and become the server process", () => {
    const { code, stderr } = start();
    assert.equal(code, 0, stderr);
    const properties = path("work", "server.properties");
    assert.equal(
      readFileSync(properties, "utf8"),
      "process.roles=broker\nnode.id=2\nadvertised.listeners=CLIENT://kafka-2.kafka-nodes.logging.svc:9092\n",
    );
    assert.deepEqual(calls(), [
      `kafka-storage.sh format --ignore-formatted --cluster-id=-abc --config ${properties}`,
      `kafka-server-start.sh ${properties}`,
    ]);
  });

  it("add zone, users and certificate if there are any", () => {
    mkdirSync(path("tls"));
    writeFileSync(path("tls", "tls.key"), "KEY\n");
    writeFileSync(path("tls", "tls.crt"), "CERTIFICATE\n");
    writeFileSync(path("secrets", "users.properties"), "user=secret\n");
    const { code } = start({ ZONE: "a", SECRETS: path("secrets"), TLS: path("tls") });
    assert.equal(code, 0);
    const properties = readFileSync(path("work", "server.properties"), "utf8");
    assert.match(properties, /^user=secret$/m);
    assert.match(properties, /^broker\.rack=a$/m);
    assert.equal(readFileSync(path("work", "node.pem"), "utf8"), "KEY\nCERTIFICATE\n");
  });

  it("start without any secret in the image's empty folder for them", () => {
    const { code, stderr } = start({ SECRETS: path("secrets"), TLS: path("secrets") });
    assert.equal(code, 0, stderr);
    assert.equal(calls().length, 2);
  });

  // The tool is a stub here; test/integration/logging.test.ts uses the real one.
  function pace(question: string, lines: Record<string, string>) {
    standIn(
      path("kafka", "bin", "kafka-topics.sh"),
      Object.entries(lines)
        .map(([option, text]) => `case "$*" in *--${option}*) printf '${text}' ;; esac`)
        .join("\n"),
    );
    return runShell(
      "logging/kafka/in-sync.sh",
      {
        POD_NAME: "kafka-1",
        NODES_DOMAIN: "x",
        CLIENT: path("none"),
        KAFKA: path("kafka"),
        LIMIT: "0",
      },
      [question],
    );
  }
  const partition = (replicas: string, isr: string) =>
    `\tTopic: logs\tPartition: 0\tLeader: 0\tReplicas: ${replicas}\tIsr: ${isr}\tElr: \n`;

  it("count a node as started once it is in sync, whatever the state of other nodes", () => {
    const under = (text: string) => pace("caught-up", { "under-replicated-partitions": text });
    assert.equal(under("").code, 0);
    assert.equal(under(partition("0,1,2", "0,1")).code, 0, "another node is behind");
    assert.equal(under(partition("0,2,11", "0")).code, 0, "11 is not 1");
    const behind = under(partition("0,1,2", "0,2"));
    assert.equal(behind.code, 1);
    assert.match(behind.stdout, /Not yet in sync for:\n.*Topic: logs/);
  });

  it("delay the stop of a node until enough others are in sync, up to a limit", () => {
    const needed = pace("may-stop", { "at-min-isr-partitions": partition("0,1,2", "0,1") });
    assert.equal(needed.code, 0, "a drain must come to its end");
    assert.match(needed.stdout, /Still needed for:\n.*Topic: logs/);
    const spared = pace("may-stop", { "at-min-isr-partitions": partition("0,1,2", "0,2") });
    assert.equal(spared.stdout, "");
  });

  it("start no server on a disk that cannot be formatted", () => {
    standIn(path("kafka", "bin", "kafka-server-start.sh"), `touch "${path("started")}"`);
    standIn(path("kafka", "bin", "kafka-storage.sh"), "exit 1");
    const { code } = runShell("logging/kafka/start.sh", {
      POD_NAME: "kafka-0",
      NODES_DOMAIN: "x",
      CLUSTER_ID: "abc",
      KAFKA: path("kafka"),
      SETTINGS: path("settings"),
      SECRETS: path("none"),
      TLS: path("none"),
      WORK: path("work"),
    });
    assert.equal(code, 1);
    assert.throws(() => readFileSync(path("started")), /ENOENT/);
  });

  function topics(description: string, bootstrapSecrets = "none") {
    writeFileSync(path("description"), `${description}\n\tTopic: logs\tPartition: 0\tLeader: 1\n`);
    standIn(
      path("kafka", "bin", "kafka-topics.sh"),
      `echo "topics $*" >>"${path("calls")}"
case "$*" in *--describe*) cat "${path("description")}" ;; esac`,
    );
    standIn(path("kafka", "bin", "kafka-configs.sh"), `echo "configs $*" >>"${path("calls")}"`);
    return runShell("logging/kafka/topics.sh", {
      KAFKA: path("kafka"),
      SERVERS: "kafka:9092",
      TOPIC: "logs",
      PARTITIONS: "24",
      COPIES: "3",
      SETTINGS: "retention.ms=86400000,min.insync.replicas=2",
      BOOTSTRAP_SECRETS: path(bootstrapSecrets),
    });
  }
  const described = (partitions: number, configs: string) =>
    `Topic: logs\tTopicId: x1\tPartitionCount: ${partitions}\tReplicationFactor: 3\tConfigs: ${configs}`;
  const common = [
    "topics --bootstrap-server kafka:9092 --create --if-not-exists --topic logs --partitions 24 --replication-factor 3",
    "topics --bootstrap-server kafka:9092 --describe --topic logs",
  ];

  it("create and configure the topic", () => {
    const { code, stdout } = topics(described(24, ""));
    assert.equal(code, 0);
    assert.deepEqual(calls(), [
      ...common,
      "configs --bootstrap-server kafka:9092 --alter --entity-type topics --entity-name logs --add-config retention.ms=86400000,min.insync.replicas=2",
    ]);
    assert.match(stdout, /logs now has retention\.ms=86400000/);
  });

  it("change nothing the second time", () => {
    const configs = "min.insync.replicas=2,segment.bytes=1,retention.ms=86400000";
    const { code, stdout } = topics(described(24, configs));
    assert.equal(code, 0);
    assert.deepEqual(calls(), common);
    assert.equal(stdout, "");
  });

  it("set only what differs, and add partitions, but never remove any", () => {
    topics(described(12, "retention.ms=864000000,min.insync.replicas=2"));
    assert.deepEqual(calls().slice(2), [
      "topics --bootstrap-server kafka:9092 --alter --topic logs --partitions 24",
      "configs --bootstrap-server kafka:9092 --alter --entity-type topics --entity-name logs --add-config retention.ms=86400000",
    ]);
    rmSync(path("calls"));
    topics(described(48, "retention.ms=86400000,min.insync.replicas=2"));
    assert.deepEqual(calls(), common);
  });

  it("log in if there is a password, which no command line shows", () => {
    writeFileSync(path("secrets", "client.properties"), "password");
    topics(described(24, ""), "secrets");
    const file = path("secrets", "client.properties");
    for (const call of calls()) assert.match(call, new RegExp(`--command-config ${file}`));
  });

  it("fail if Kafka does not describe the topic", () => {
    const { code, stderr } = topics("Topic: logs is being made");
    assert.equal(code, 1);
    assert.match(
      stderr,
      /Topic logs: expected a description with PartitionCount, got: Topic: logs/,
    );
  });
});
