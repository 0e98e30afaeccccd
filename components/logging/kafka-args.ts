import type { KafkaSecurity } from "./kafka-config";
import type { LoggingSize } from "./sizing";

/** Arguments of Kafka. */
export interface KafkaArgs {
  size: LoggingSize["kafka"];
  /** Hours that Kafka holds a line for. */
  bufferHours: number;
  security: KafkaSecurity;
  /** Secret with ca.crt, tls.crt and tls.key. */
  tlsSecret: string;
}
