import { kafkaMessageBytes } from "./filebeat-config";
import { loggingNamespace } from "./part";
import type { LoggingSize } from "./sizing";

/** Clients of Kafka: every pod of the namespace, or those with a password, over TLS. */
export type KafkaSecurity = "plaintext" | "sasl-tls";

/** Properties of a Java properties file. */
export type Properties = Record<string, string | number | boolean>;

/** Ports of a Kafka node; `controller` is for other Kafka nodes only. */
export const kafkaPorts = { client: 9092, controller: 9093 } as const;

/** Suffix of the nodes' host names. */
export const nodesDomain = `kafka-nodes.${loggingNamespace}.svc`;

/** Topic that all log lines pass through. */
export const topic = "logs";

/** Mount paths in the pods. */
export const kafkaPaths = {
  home: "/opt/kafka",
  /** A VOLUME of the image: an empty volume of the container runtime would hide a mount above it. */
  data: "/var/lib/kafka/data",
  settings: "/etc/kafka/settings",
  secrets: "/etc/kafka/secrets",
  /** Login of the node's own probes; a subfolder of the secrets, whose properties are the server's. */
  client: "/etc/kafka/secrets/client/client.properties",
  tls: "/etc/kafka/tls",
  /** Key and certificate in one file, which the start script concatenates. */
  keyStore: "/tmp/node.pem",
} as const;

/** Host names of all nodes. */
export function kafkaHosts(nodes: number): string[] {
  return Array.from({ length: nodes }, (_, id) => `kafka-${id}.${nodesDomain}`);
}

/** Returns `server.properties` of every node, without the ID, address and zone, which `kafka/start.sh` adds. */
export function serverProperties(
  { nodes, copies, minimumCopies }: LoggingSize["kafka"],
  security: KafkaSecurity,
): Properties {
  const protocol = security === "sasl-tls" ? "SASL_SSL" : "PLAINTEXT";
  return {
    "process.roles": "broker,controller",
    "controller.quorum.voters": kafkaHosts(nodes)
      .map((host, id) => `${id}@${host}:${kafkaPorts.controller}`)
      .join(","),
    listeners: `CLIENT://:${kafkaPorts.client},CONTROLLER://:${kafkaPorts.controller}`,
    "listener.security.protocol.map": `CLIENT:${protocol},CONTROLLER:${protocol}`,
    "inter.broker.listener.name": "CLIENT",
    "controller.listener.names": "CONTROLLER",
    // A folder inside the volume, because Kafka would take the file system's lost+found for a topic.
    "log.dirs": `${kafkaPaths.data}/data`,
    "auto.create.topics.enable": false,
    "default.replication.factor": copies,
    "min.insync.replicas": minimumCopies,
    "offsets.topic.replication.factor": copies,
    "transaction.state.log.replication.factor": copies,
    "transaction.state.log.min.isr": minimumCopies,
    "share.coordinator.state.topic.replication.factor": copies,
    "share.coordinator.state.topic.min.isr": minimumCopies,
    "unclean.leader.election.enable": false,
    "controlled.shutdown.enable": true,
    // With one node, all initial consumers of a group start at the same time.
    "group.initial.rebalance.delay.ms": nodes === 1 ? 0 : 3000,
    // Filebeat's largest message, plus its envelope.
    "message.max.bytes": kafkaMessageBytes + 100_000,
    ...(security === "sasl-tls" ? tlsProperties : {}),
  };
}

const trust: Properties = {
  "ssl.truststore.type": "PEM",
  "ssl.endpoint.identification.algorithm": "https",
};

const tlsProperties: Properties = {
  ...trust,
  "ssl.truststore.location": `${kafkaPaths.tls}/ca.crt`,
  "ssl.keystore.type": "PEM",
  "ssl.keystore.location": kafkaPaths.keyStore,
  "sasl.enabled.mechanisms": "PLAIN",
  "sasl.mechanism.inter.broker.protocol": "PLAIN",
  "sasl.mechanism.controller.protocol": "PLAIN",
};

/** Returns the nodes' list of users; a secret. */
export function userProperties(broker: string, client: string): Properties {
  const users = `user_broker="${broker}" user_client="${client}"`;
  const login = `${plainLogin("broker", broker)} ${users};`;
  return {
    "listener.name.client.plain.sasl.jaas.config": login,
    "listener.name.controller.plain.sasl.jaas.config": login,
  };
}

/** Returns the login of Kafka's command line tools; a secret. */
export function clientProperties(password: string, authority: string): Properties {
  return {
    ...trust,
    "ssl.truststore.location": authority,
    "security.protocol": "SASL_SSL",
    "sasl.mechanism": "PLAIN",
    "sasl.jaas.config": `${plainLogin("client", password)};`,
  };
}

/** Returns a login in the syntax of Java's login configuration, without the final semicolon. */
export function plainLogin(user: string, password: string): string {
  return `org.apache.kafka.common.security.plain.PlainLoginModule required username="${user}" password="${password}"`;
}

/** Returns the settings of the topic. Kafka deletes by time, and by size during a flood of lines. */
export function topicSettings(
  { minimumCopies, partitionBytes }: LoggingSize["kafka"],
  bufferHours: number,
): Properties {
  return {
    "retention.ms": bufferHours * 3_600_000,
    "retention.bytes": partitionBytes,
    // Kafka deletes closed segments only, so a partition must hold several of them.
    "segment.bytes": Math.min(2 ** 30, Math.floor(partitionBytes / 4)),
    "min.insync.replicas": minimumCopies,
  };
}

/** Serializes a properties file. */
export function propertiesText(properties: Properties): string {
  return Object.entries(properties)
    .map(([key, value]) => `${key}=${String(value).replaceAll("\\", "\\\\")}\n`)
    .join("");
}

/** Kafka's own log goes to the console only, because files would fill the container. */
export const log4j = {
  Configuration: {
    status: "WARN",
    Appenders: {
      Console: { name: "console", PatternLayout: { pattern: "[%d] %p %m (%c)%n" } },
    },
    Loggers: { Root: { level: "INFO", AppenderRef: { ref: "console" } } },
  },
};
