import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { CollectorConfig } from "../../components/tracing/collector-config";
import { binary } from "../../local/toolchain/install";
import { freePort } from "./backup";

/** A span to send. */
export interface SentSpan {
  /** 32 hexadecimal digits. */
  traceId: string;
  name: string;
  error?: boolean;
  seconds?: number;
  /** Resource attributes that the app sets. */
  resource?: Record<string, string>;
}

/** A span that a collector exported. */
export interface ArrivedSpan {
  traceId: string;
  name: string;
  resource: Record<string, string>;
}

/**
 * A real OpenTelemetry Collector with a configuration of the project. Only its endpoints are changed: it listens on
 * free loopback ports, also over HTTP, and exports to a file.
 */
export class Collector {
  private process?: ChildProcess;
  private printed = "";
  private port = 0;
  /** URL of its own metrics. */
  metrics = "";

  constructor(
    /** Its own folder. */
    private readonly folder: string,
    private readonly config: CollectorConfig,
  ) {}

  /** Starts it and waits until it is healthy. */
  async start(): Promise<void> {
    mkdirSync(this.folder, { recursive: true });
    const [port, health, metrics] = [await freePort(), await freePort(), await freePort()];
    this.port = port;
    this.metrics = `http://127.0.0.1:${metrics}/metrics`;
    const pull = { exporter: { prometheus: { host: "127.0.0.1", port: metrics } } };
    const { service } = this.config;
    const [exporter = ""] = service.pipelines.traces.exporters;
    const changed = {
      ...this.config,
      extensions: { health_check: { endpoint: `127.0.0.1:${health}` } },
      receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${port}` } } } },
      exporters: {
        ...this.config.exporters,
        file: { path: this.output(), flush_interval: "100ms" },
      },
      service: {
        ...service,
        pipelines: { traces: { ...service.pipelines.traces, exporters: [exporter, "file"] } },
        telemetry: { ...service.telemetry, metrics: { readers: [{ pull }] } },
      },
    };
    const file = join(this.folder, "config.json");
    writeFileSync(file, JSON.stringify(changed));
    const child = spawn(binary("otelcol"), [`--config=${file}`], {
      env: { ...process.env, NODE_NAME: "node-1" },
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.process = child;
    child.stderr.on("data", (data: Buffer) => (this.printed += data.toString()));
    for (let tries = 0; tries < 100; tries += 1) {
      if (child.exitCode !== null) break;
      const ready = await fetch(`http://127.0.0.1:${health}/`).then(
        ({ ok }) => ok,
        // It does not listen yet.
        () => false,
      );
      if (ready) return;
      await sleep(100);
    }
    throw new Error(`the collector is not ready:\n${this.printed}`);
  }

  /** Sends spans, one request each. */
  async send(spans: SentSpan[]): Promise<void> {
    for (const span of spans) {
      const response = await fetch(`http://127.0.0.1:${this.port}/v1/traces`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(request(span)),
      });
      if (!response.ok) throw new Error(`the collector answered ${response.status}`);
    }
  }

  /** Returns what it has exported so far. */
  arrived(): ArrivedSpan[] {
    if (!existsSync(this.output())) return [];
    return readFileSync(this.output(), "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .flatMap((line) => (JSON.parse(line) as Request).resourceSpans)
      .flatMap(({ resource, scopeSpans }) =>
        scopeSpans.flatMap(({ spans }) =>
          spans.map(({ traceId, name }) => ({
            traceId,
            name,
            resource: Object.fromEntries(
              (resource.attributes ?? []).map(({ key, value }) => [key, value.stringValue]),
            ),
          })),
        ),
      );
  }

  /** Stops it. */
  async stop(): Promise<void> {
    if (this.process === undefined || this.process.exitCode !== null) return;
    const exited = once(this.process, "exit");
    this.process.kill("SIGKILL");
    await exited;
  }

  private output(): string {
    return join(this.folder, "traces.json");
  }
}

interface Request {
  resourceSpans: {
    resource: { attributes?: { key: string; value: { stringValue: string } }[] };
    scopeSpans: { spans: { traceId: string; name: string }[] }[];
  }[];
}

/** A span in OTLP's JSON format. */
function request({ traceId, name, error = false, seconds = 0.1, resource = {} }: SentSpan): object {
  const end = BigInt(Date.now()) * 1_000_000n;
  const start = end - BigInt(Math.round(seconds * 1e9));
  const span = {
    traceId,
    spanId: traceId.slice(0, 16),
    name,
    kind: 2,
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(end),
    ...(error ? { status: { code: 2 } } : {}),
  };
  const attributes = Object.entries(resource).map(([key, stringValue]) => ({
    key,
    value: { stringValue },
  }));
  return { resourceSpans: [{ resource: { attributes }, scopeSpans: [{ spans: [span] }] }] };
}
