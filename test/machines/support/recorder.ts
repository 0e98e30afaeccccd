import type { Assembled } from "../../../local/images/facts";
import { files, program, shell } from "../../../local/images/layers";
import { tempoFolder, tempoPorts } from "../../../components/tracing/tempo-config";
import type { RealStack } from "./stack";

const settings = "/etc/recorder.json";
const output = `${tempoFolder}/traces.json`;

/** A collector that writes what it receives into a file, and answers every path of Tempo's HTTP port. */
const config = {
  extensions: { health_check: { endpoint: `0.0.0.0:${tempoPorts.http}` } },
  receivers: { otlp: { protocols: { grpc: { endpoint: `0.0.0.0:${tempoPorts.grpc}` } } } },
  exporters: { file: { path: output, append: true, flush_interval: "100ms" } },
  service: {
    extensions: ["health_check"],
    pipelines: { traces: { receivers: ["otlp"], exporters: ["file"] } },
    telemetry: { metrics: { level: "none" } },
  },
};

/**
 * Takes the place of Tempo, which is left out for its license, in Tempo's own pod: with its user, ports, probes, volume
 * and network policy. It ignores Tempo's arguments.
 */
export const recorder: Assembled & { differs: string } = {
  facts: {
    user: 10_001,
    group: 10_001,
    entryPoint: ["/recorder"],
    volumes: [],
    shell: "/bin/sh",
    source: "this test: an OpenTelemetry Collector with a file as its only output",
  },
  layers: [
    shell,
    program("otelcol", "/otelcol"),
    files({
      "/recorder": `#!/bin/sh\nexec /otelcol --config=${settings}\n`,
      [settings]: JSON.stringify(config),
    }),
  ],
  differs: "a collector that records what it receives, in place of Tempo",
};

/** A span that arrived. */
export interface RecordedSpan {
  name: string;
  resource: Record<string, string>;
}

interface Attribute {
  key: string;
  value: { stringValue?: string };
}

interface Batch {
  resourceSpans: {
    resource: { attributes?: Attribute[] };
    scopeSpans: { spans: { name: string }[] }[];
  }[];
}

/** Returns the spans that have arrived so far. */
export async function recordedSpans(real: RealStack): Promise<RecordedSpan[]> {
  // The file exists after the first span.
  const read = `cat ${output} 2>/dev/null || true`;
  const text = await real.exec("tracing", "tempo-0", "sh", "-c", read);
  return text
    .split("\n")
    .filter((line) => line.endsWith("}"))
    .flatMap((line) => (JSON.parse(line) as Batch).resourceSpans)
    .flatMap(({ resource: { attributes = [] }, scopeSpans }) => {
      const resource = Object.fromEntries(
        attributes.map(({ key, value }) => [key, value.stringValue ?? ""]),
      );
      return scopeSpans.flatMap(({ spans }) => spans.map(({ name }) => ({ name, resource })));
    });
}
