import { pipeline } from "../../components/logging/logstash-config";
import { filtered, type LogEvent } from "./logstash";

/**
 * Returns the event for a line of the gateway's access log, as Filebeat sends it and the pipeline's filters change it.
 */
export function accessEvent(line: string, domains: Record<string, string>): LogEvent {
  const { filter } = pipeline({
    environment: "dev",
    domains,
    kafka: { servers: ["kafka:9092"], topic: "logs" },
    consumerThreads: 1,
    elasticsearch: { url: "https://elasticsearch:9200", user: "logstash" },
  });
  const kubernetes = {
    namespace: "gateway",
    labels: { "app_kubernetes_io/name": "traefik", "app_kubernetes_io/part-of": "gateway" },
  };
  return filtered({ ltype: "containers", message: line, kubernetes }, { filter });
}
