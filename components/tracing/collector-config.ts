/** Ports of a collector. */
export const collectorPorts = { grpc: 4317, http: 4318, health: 13_133, metrics: 8888 } as const;

/**
 * Configuration of a collector, restricted to the fields that the platform uses. Names of components are those of
 * version 0.158.
 */
export interface CollectorConfig {
  extensions: Record<string, object>;
  receivers: Record<string, object>;
  processors: Record<string, object>;
  exporters: Record<string, object>;
  service: {
    extensions: string[];
    pipelines: Record<"traces", { receivers: string[]; processors: string[]; exporters: string[] }>;
    telemetry: object;
  };
}

/** Settings of sampling: which traces are kept. */
export interface Sampling {
  /** Percentage of traces without an error that are kept. */
  percent: number;
  /** Duration in seconds from which a trace is always kept. */
  slowerThan: number;
  /** Seconds to wait for a trace's spans. */
  wait: number;
}

const everyAddress = "0.0.0.0";

/** Checks memory before anything else: data that does not fit is rejected, and the client retries. */
const memoryLimiter = {
  check_interval: "1s",
  limit_percentage: 80,
  spike_limit_percentage: 20,
};

const health = { health_check: { endpoint: `${everyAddress}:${collectorPorts.health}` } };

const telemetry = {
  logs: { encoding: "json" },
  metrics: {
    readers: [
      {
        pull: {
          exporter: { prometheus: { host: everyAddress, port: collectorPorts.metrics } },
        },
      },
    ],
  },
};

function otlp(protocols: ("grpc" | "http")[]): Record<string, object> {
  const endpoint = (protocol: "grpc" | "http") => [
    protocol,
    { endpoint: `${everyAddress}:${collectorPorts[protocol]}` },
  ];
  return { otlp: { protocols: Object.fromEntries(protocols.map(endpoint)) as object } };
}

/**
 * Returns the configuration of a node's agent: it adds the pod to each span, and sends all spans of a trace to the same
 * sampling collector, by the trace ID.
 * @param gateway host name that resolves to the addresses of all sampling collectors.
 */
export function agentConfig(gateway: string): CollectorConfig {
  return {
    extensions: health,
    receivers: otlp(["grpc", "http"]),
    processors: {
      memory_limiter: memoryLimiter,
      // k8s_attributes overwrites nothing: without this, an app could claim to be another app's pod.
      "resource/own": { attributes: [{ pattern: "^k8s[.].*", action: "delete" }] },
      k8s_attributes: {
        auth_type: "serviceAccount",
        // Pods of other nodes send to other agents.
        filter: { node_from_env_var: "NODE_NAME" },
        extract: {
          metadata: [
            "k8s.namespace.name",
            "k8s.deployment.name",
            "k8s.pod.name",
            "k8s.pod.uid",
            "k8s.node.name",
          ],
        },
        // Only the source address of a span counts.
        pod_association: [{ sources: [{ from: "connection" }] }],
      },
      batch: {},
    },
    exporters: {
      load_balancing: {
        routing_key: "traceID",
        protocol: { otlp: { tls: { insecure: true } } },
        resolver: { dns: { hostname: gateway, port: String(collectorPorts.grpc) } },
      },
    },
    service: {
      extensions: Object.keys(health),
      pipelines: {
        traces: {
          receivers: ["otlp"],
          processors: ["memory_limiter", "resource/own", "k8s_attributes", "batch"],
          exporters: ["load_balancing"],
        },
      },
      telemetry,
    },
  };
}

/**
 * Returns the configuration of a sampling collector, which decides on whole traces. Traces with an error and slow ones
 * are always kept; of the others, a percentage.
 * @param traces largest number of traces that it waits for at the same time.
 * @param tempo host and port of Tempo's receiver.
 */
export function gatewayConfig(
  { percent, slowerThan, wait }: Sampling,
  traces: number,
  tempo: string,
): CollectorConfig {
  return {
    extensions: health,
    receivers: otlp(["grpc"]),
    processors: {
      memory_limiter: memoryLimiter,
      tail_sampling: {
        decision_wait: `${wait}s`,
        num_traces: traces,
        // Late spans follow the decision of their trace.
        decision_cache: { sampled_cache_size: 2 * traces, non_sampled_cache_size: 10 * traces },
        // A trace is kept if one of these policies applies.
        policies: [
          { name: "errors", type: "status_code", status_code: { status_codes: ["ERROR"] } },
          { name: "slow", type: "latency", latency: { threshold_ms: slowerThan * 1000 } },
          {
            name: "share",
            type: "probabilistic",
            probabilistic: { sampling_percentage: percent },
          },
        ],
      },
      batch: {},
    },
    exporters: {
      otlp_grpc: {
        endpoint: tempo,
        tls: { insecure: true },
        // Tempo has one pod: traces wait here while it is replaced.
        sending_queue: { queue_size: 5000 },
        retry_on_failure: { max_elapsed_time: "10m" },
      },
    },
    service: {
      extensions: Object.keys(health),
      pipelines: {
        traces: {
          receivers: ["otlp"],
          processors: ["memory_limiter", "tail_sampling", "batch"],
          exporters: ["otlp_grpc"],
        },
      },
      telemetry,
    },
  };
}
