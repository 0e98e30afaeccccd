import {
  bootstrapSettings,
  elasticsearchJob,
  kibanaJob,
} from "../../../../components/logging/bootstrap-settings";
import { loggingSize } from "../../../../components/logging/sizing";
import { runBootstrapHere, type RecordingServer } from "../../../support/bootstrap";
import type { ScriptRun } from "../../../support/captured";
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

/** Runs the script like both of its Jobs, one after the other, and empties the server's list of requests before. */
export async function bootstrap(
  server: RecordingServer,
  change: Parameters<typeof settings>[0] = {},
  run = runBootstrapHere,
): Promise<ScriptRun> {
  server.requests.length = 0;
  const wanted = settings(change);
  const first = await run(script, elasticsearchJob(server.url, wanted), passwords);
  if (first.code !== 0) return first;
  const second = await run(script, kibanaJob(server.url, wanted), passwords);
  return { ...second, stdout: first.stdout + second.stdout, stderr: first.stderr + second.stderr };
}
