import { z } from "zod";
import { blockStorageClass } from "../storage-class";
import { resources } from "../resources";
import { bytes, duration, durationFrom } from "../values";

/** Agent that apps send their traces to. The Service routes only to the agent on the same node. */
export const collectorEndpoint = "http://otel-agent.tracing.svc:4318";

/** Which traces are kept. Traces with an error are always kept. */
const sampling = z.strictObject({
  /** Percentage of the traces without an error that are kept. */
  percent: z.number().min(0).max(100).default(10),
  /** Traces that took at least this long are also kept. */
  slowerThan: duration.prefault("2s"),
  /** How long a collector waits for the spans of a trace before it decides. */
  wait: durationFrom("1s").prefault("10s"),
});

/** OpenTelemetry collectors and Tempo: the path of requests through all apps. */
export const tracing = z.strictObject({
  sampling: sampling.prefault({}),
  /** Collectors that receive the spans of all nodes, and decide which traces are kept. */
  gateway: z
    .strictObject({
      /** Number of pods. All spans of a trace go to the same one. */
      replicas: z.int().min(1).max(20).default(1),
      /**
       * Number of traces that begin per second in the whole stack. The memory of the collectors is derived from
       * it.
       */
      tracesPerSecond: z.int().min(1).max(100_000).default(200),
    })
    .prefault({}),
  /** Tempo, which stores the traces. */
  tempo: z
    .strictObject({
      /** How long traces are kept. At least 1h. */
      retention: durationFrom("1h").prefault("7d"),
      /** Size of the volume. */
      storage: bytes.default("10Gi"),
      /** StorageClass of block devices. Default: the cluster's default class. */
      storageClass: blockStorageClass.optional(),
      /** Requests and limits. The default is sufficient for some hundred spans per second. */
      resources: resources.default({
        requests: { cpu: "200m", memory: "1Gi" },
        limits: { cpu: "2", memory: "2Gi" },
      }),
    })
    .prefault({}),
});

/** @see {@link tracing} */
export type TracingConfig = z.infer<typeof tracing>;
