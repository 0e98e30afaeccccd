/** Name of Tempo's Service. */
export const tempoName = "tempo";

/** Ports of Tempo. */
export const tempoPorts = { http: 3200, grpc: 4317 } as const;

/** Where Tempo's volume is mounted. */
export const tempoFolder = "/var/tempo";

/** Tempo's configuration, as far as the platform uses it. */
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
 * One process with everything, its blocks on its own volume.
 * @param retention seconds that traces are kept.
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
