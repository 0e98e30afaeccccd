import type { LoggingArgs } from "../../components/logging";
import { loggingSize } from "../../components/logging/sizing";
import { partConfig } from "./part-config";

/** Arguments of the smallest log pipeline. */
export const smallLogging: LoggingArgs = {
  context: { environment: "dev" },
  config: partConfig("logging"),
  domains: { shop: "shop.example.com", news: "news.example.com" },
  domain: "dev.example.com",
  scheme: "http",
  gateway: { name: "dev", namespace: "gateway" },
};

/** Returns the sizes of {@link smallLogging} for a number of domains. */
export function smallLoggingSize(domains: number): ReturnType<typeof loggingSize> {
  const { load, retentionDays, bufferHours, highlyAvailable } = smallLogging.config;
  return loggingSize({ ...load, retentionDays, bufferHours, domains, highlyAvailable });
}
