/** Name of Tempo's Service. */
export const tempoName = "tempo";

/** Ports of Tempo. */
export const tempoPorts = { http: 3200, grpc: 4317 } as const;

/** Mount path of Tempo's volume. */
export const tempoFolder = "/var/tempo";

/** Configuration of Tempo, restricted to the fields that the platform uses. */
export interface TempoConfig {
  server: { http_listen_port: number };
  distributor: { receivers: { otlp: { protocols: { grpc: { endpoint: string } } } } };
  compactor: { compaction: { block_retention: string } };
  storage: {
    trace: { backend: "local"; wal: { path: string }; local: { path: string } };
  };
  usage_report: { reporting_enabled: false };
}

/**
 * Returns the configuration of a single process with all functions, and its blocks on its volume.
 * @param retention seconds for which traces are kept.
 */
export function tempoConfig(retention: number): TempoConfig {
  return {
    server: { http_listen_port: tempoPorts.http },
    distributor: {
      receivers: { otlp: { protocols: { grpc: { endpoint: `0.0.0.0:${tempoPorts.grpc}` } } } },
    },
    compactor: { compaction: { block_retention: `${retention}s` } },
    storage: {
      trace: {
        backend: "local",
        wal: { path: `${tempoFolder}/wal` },
        local: { path: `${tempoFolder}/blocks` },
      },
    },
    usage_report: { reporting_enabled: false },
  };
}
