import { z } from "zod";
import { blockStorageClass } from "../storage-class";
import { bytes, duration, resources } from "../values";

/** Agent that apps send their traces to: the one on their own node, by a Service that routes to no other. */
export const collectorEndpoint = "http://otel-agent.tracing.svc:4318";

/** Which traces are kept; one with an error always is. */
const sampling = z.strictObject({
  /** Share of the traces without an error that is kept, percent. */
  percent: z.number().min(0).max(100).default(10),
  /** Traces that took at least as long are kept, too. */
  slowerThan: duration.prefault("2s"),
  /** How long a trace's spans are waited for before it is decided on. */
  wait: duration.prefault("10s"),
});

/** OpenTelemetry's collectors and Tempo: what happened to a request, through all apps. */
export const tracing = z.strictObject({
  sampling: sampling.prefault({}),
  gateway: z
    .strictObject({
      replicas: z.int().min(1).max(20).default(1),
      /** Traces that begin in a second, in the whole stack; the collectors' memory follows from it. */
      tracesPerSecond: z.int().min(1).max(100_000).default(200),
    })
    .prefault({}),
  tempo: z
    .strictObject({
      /** How long traces are kept. */
      retention: duration.prefault("7d"),
      /** Size of the volume. */
      storage: bytes.default("10Gi"),
      /** Block storage; the cluster's default class without it. */
      storageClass: blockStorageClass.optional(),
      /** Requests and limits; by default enough for some hundred spans in a second. */
      resources: resources.default({
        requests: { cpu: "200m", memory: "1Gi" },
        limits: { cpu: "2", memory: "2Gi" },
      }),
    })
    .prefault({}),
});

/** @see {@link tracing} */
export type TracingConfig = z.infer<typeof tracing>;
