/** Ports of a collector. */
export const collectorPorts = { grpc: 4317, http: 4318, health: 13_133, metrics: 8888 } as const;

/** A collector's configuration, as far as the platform uses it. Components are named as in version 0.158. */
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

/** Which traces are kept. */
export interface Sampling {
  /** Percent of the traces without an error. */
  percent: number;
  /** Traces that took at least as many seconds are kept, too. */
  slowerThan: number;
  /** Seconds that a trace's spans are waited for. */
  wait: number;
}

const everyAddress = "0.0.0.0";

/** Memory is watched before anything is done with what comes in: what does not fit is refused, and sent again. */
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
 * The agent of a machine: says of each span whose pod it came from, and sends all spans of a trace
 * to one sampling collector, by the trace's id.
 * @param gateway host name that has the address of every sampling collector.
 */
export function agentConfig(gateway: string): CollectorConfig {
  return {
    extensions: health,
    receivers: otlp(["grpc", "http"]),
    processors: {
      memory_limiter: memoryLimiter,
      // k8s_attributes overwrites nothing: without this an app could name the pod of another as its own.
      "resource/own": { attributes: [{ pattern: "^k8s[.].*", action: "delete" }] },
      k8s_attributes: {
        auth_type: "serviceAccount",
        // Pods of other machines send to other agents.
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
        // Only the address that a span came from counts.
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
 * A sampling collector: decides on whole traces. One with an error is always kept, and so is a slow
 * one; of the rest, a share.
 * @param traces traces that are waited for at once.
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
        // Spans that come after the decision follow it.
        decision_cache: { sampled_cache_size: 2 * traces, non_sampled_cache_size: 10 * traces },
        // A trace is kept when one of these says so.
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
        // Tempo is one pod: while it is replaced, traces wait here.
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
