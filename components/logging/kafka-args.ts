import type { KafkaSecurity } from "./kafka-config";
import type { LoggingSize } from "./sizing";

/** Arguments of Kafka. */
export interface KafkaArgs {
  /** Number of Kafka nodes, and the size of each. */
  size: LoggingSize["kafka"];
  /** Hours for which Kafka keeps a line. */
  bufferHours: number;
  /** Whether clients need a password and TLS. */
  security: KafkaSecurity;
  /** Secret with ca.crt, tls.crt and tls.key. */
  tlsSecret: string;
}
