import type { Certificates } from "./certificates";
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
  /** Certificates of the pipeline. */
  certificates: Certificates;
}
