import assert from "node:assert/strict";
import {
  clientProperties,
  propertiesText,
  serverProperties,
  topicSettings,
  userProperties,
} from "../../../../components/logging/kafka-config";

const one = {
  nodes: 1,
  copies: 1,
  minimumCopies: 1,
  partitions: 4,
  diskGiB: 10,
  partitionBytes: 2 ** 31,
  heapMiB: 512,
} as const;

const three = { ...one, nodes: 3, copies: 3, minimumCopies: 2, partitions: 24 } as const;

describe("server.properties", () => {
  it("of one node has one voter and one copy", () => {
    const properties = serverProperties(one, "plaintext");
    assert.equal(properties["controller.quorum.voters"], "0@kafka-0.kafka-nodes.logging.svc:9093");
    assert.equal(properties["offsets.topic.replication.factor"], 1);
    assert.equal(properties["min.insync.replicas"], 1);
    assert.equal(properties["group.initial.rebalance.delay.ms"], 0);
    assert.equal(
      properties["listener.security.protocol.map"],
      "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT",
    );
    assert.ok(!Object.keys(properties).some((key) => /^(ssl|sasl)\./.test(key)));
  });

  it("of three nodes survives one of them", () => {
    const properties = serverProperties(three, "plaintext");
    assert.equal(
      properties["controller.quorum.voters"],
      [0, 1, 2].map((id) => `${id}@kafka-${id}.kafka-nodes.logging.svc:9093`).join(","),
    );
    for (const key of [
      "default.replication.factor",
      "offsets.topic.replication.factor",
      "transaction.state.log.replication.factor",
      "share.coordinator.state.topic.replication.factor",
    ]) {
      assert.equal(properties[key], 3, key);
    }
    for (const key of [
      "min.insync.replicas",
      "transaction.state.log.min.isr",
      "share.coordinator.state.topic.min.isr",
    ]) {
      assert.equal(properties[key], 2, key);
    }
    assert.equal(properties["unclean.leader.election.enable"], false);
    assert.equal(properties["auto.create.topics.enable"], false);
  });

  it("with passwords uses TLS for clients, nodes and controllers, and contains no password", () => {
    const properties = serverProperties(three, "sasl-tls");
    assert.equal(
      properties["listener.security.protocol.map"],
      "CLIENT:SASL_SSL,CONTROLLER:SASL_SSL",
    );
    assert.equal(properties["ssl.keystore.type"], "PEM");
    assert.equal(properties["ssl.endpoint.identification.algorithm"], "https");
    assert.doesNotMatch(propertiesText(properties), /password/i);
  });

  it("knows both users on both listeners", () => {
    const users = userProperties("b", "c");
    assert.deepEqual(Object.keys(users), [
      "listener.name.client.plain.sasl.jaas.config",
      "listener.name.controller.plain.sasl.jaas.config",
    ]);
    for (const login of Object.values(users)) {
      assert.match(
        String(login),
        /PlainLoginModule required username="broker" password="b" user_broker="b" user_client="c";$/,
      );
    }
    assert.match(
      String(clientProperties("c", "/ca")["sasl.jaas.config"]),
      /required username="client" password="c";$/,
    );
  });

  it("is written as a properties file", () => {
    assert.equal(propertiesText({ a: 1, b: true, c: "x\\y" }), "a=1\nb=true\nc=x\\\\y\n");
  });
});

describe("the topic", () => {
  it("keeps lines by time and by size, in segments that can be deleted", () => {
    assert.deepEqual(topicSettings({ ...three, partitionBytes: 954_437_176 }, 24), {
      "retention.ms": 86_400_000,
      "retention.bytes": 954_437_176,
      "segment.bytes": 238_609_294,
      "min.insync.replicas": 2,
    });
    assert.equal(topicSettings({ ...three, partitionBytes: 7e9 }, 24)["segment.bytes"], 2 ** 30);
  });
});
