import { bootstrapSettings } from "../../../../components/logging/bootstrap-settings";
import { loggingSize } from "../../../../components/logging/sizing";
import { runBootstrap, type RecordingServer } from "../../../support/bootstrap";
import { passwords } from "./simulated-servers";

const { elasticsearch: size } = loggingSize({
  linesPerDay: 1e6,
  bytesPerLine: 500,
  peakFactor: 3,
  retentionDays: 10,
  bufferHours: 24,
  domains: 2,
  highlyAvailable: true,
});
/** Settings of the script for two domains. */
export function settings(change: { domains?: string[]; retentionDays?: number } = {}) {
  return bootstrapSettings({
    environment: "online",
    domains: ["shop.example.com", "news.example.com"],
    retentionDays: 10,
    size,
    ...change,
  });
}
/** Path of the script below `components/`. */
export const script = "logging/bootstrap/logging.mjs";

/** Runs the script against the servers, whose list of requests it empties before. */
export async function bootstrap(
  server: RecordingServer,
  change: Parameters<typeof settings>[0] = {},
) {
  server.requests.length = 0;
  const servers = { elasticsearch: server.url, kibana: server.url };
  return runBootstrap(script, { ...servers, ...settings(change) }, passwords);
}
