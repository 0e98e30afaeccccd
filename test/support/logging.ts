import type { LoggingArgs } from "../../components/logging";
import { loggingSize } from "../../components/logging/sizing";

/** Arguments of the smallest log pipeline. */
export const smallLogging: LoggingArgs = {
  context: { environment: "dev" },
  domains: { shop: "shop.example.com", news: "news.example.com" },
  load: { linesPerDay: 1_000_000, bytesPerLine: 500, peakFactor: 3 },
  retentionDays: 10,
  bufferHours: 24,
  highlyAvailable: false,
  zones: false,
  kafka: { security: "plaintext" },
  elasticsearch: { memoryMap: false, formed: false },
  kibana: {},
  domain: "dev.example.com",
  scheme: "http",
  gateway: { name: "dev", namespace: "gateway" },
  rotation: { maximumSize: "100Mi", keepDays: 3, intervalMinutes: 5 },
};

/** Returns the sizes of {@link smallLogging} for a number of domains. */
export function smallLoggingSize(domains: number): ReturnType<typeof loggingSize> {
  const { load, retentionDays, bufferHours, highlyAvailable } = smallLogging;
  return loggingSize({ ...load, retentionDays, bufferHours, domains, highlyAvailable });
}
