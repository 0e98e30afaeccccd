import type { Part } from "../shared/context";
import { podsOf } from "../shared/network-policy";
import { deployment } from "../shared/workload";
import { collectorPorts, gatewayConfig, type Sampling } from "./collector-config";
import { collectorPod } from "./collector-pod";
import { gatewaySizing } from "./sizing";
import { tempoName, tempoPorts } from "./tempo-config";

/** Arguments of {@link samplingGateway}. */
export interface GatewayArgs {
  /** Which traces are kept. */
  sampling: Sampling;
  /** Number of sampling collectors. */
  replicas: number;
  /** Traces that begin per second, for all collectors together. */
  tracesPerSecond: number;
  /** Host and port of Tempo's receiver. */
  tempo: string;
}

/** Name of the Service that resolves to the addresses of all sampling collectors. */
export const gatewayName = "otel-gateway";

/** Declares the collectors that decide which traces are kept. */
export function samplingGateway(part: Part, args: GatewayArgs): void {
  const { sampling, replicas, tracesPerSecond, tempo } = args;
  const { traces, memory } = gatewaySizing({ replicas, tracesPerSecond, wait: sampling.wait });
  const { grpc } = collectorPorts;
  deployment(part, {
    name: gatewayName,
    replicas,
    spread: "preferred",
    ...collectorPod(part, gatewayName, {
      config: gatewayConfig(sampling, traces, tempo),
      receives: ["grpc"],
      cpu: { request: "200m", limit: "2" },
      memory,
    }),
    // Time to decide on waiting traces, and to send them.
    spec: { terminationGracePeriodSeconds: sampling.wait + 30 },
    service: { ports: { grpc }, headless: true },
    network: {
      ingress: [{ from: [podsOf("otel-agent")], ports: [grpc] }],
      egress: [{ to: [podsOf(tempoName)], ports: [tempoPorts.grpc] }],
    },
  });
}
