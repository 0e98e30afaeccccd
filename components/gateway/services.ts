import type { Part } from "../shared/context";
import { service } from "../shared/service";

/** Which nodes forward requests, and whether they keep the client's address. */
export type ExternalTrafficPolicy = "Cluster" | "Local";

/** How clients outside the cluster reach the gateway, and the entry point for uploads, if there is one. */
export type Exposure =
  | {
      type: "NodePort";
      http: number;
      https: number;
      uploads?: number;
      externalTrafficPolicy: ExternalTrafficPolicy;
    }
  | {
      type: "LoadBalancer";
      annotations: Record<string, string>;
      uploads?: { annotations: Record<string, string> };
      externalTrafficPolicy: ExternalTrafficPolicy;
    }
  /** Ports of the nodes that run Traefik, one pod each. */
  | { type: "HostPort"; http: number; https: number; uploads?: number };

/** Declares the Service that clients reach, and a second one if uploads have their own entry point. */
export function services(
  part: Part,
  workload: string,
  { exposure, tls }: { exposure: Exposure; tls: boolean },
): void {
  const spec =
    exposure.type === "HostPort"
      ? // With host ports, clients connect to the nodes themselves.
        { type: "ClusterIP" }
      : { type: exposure.type, externalTrafficPolicy: exposure.externalTrafficPolicy };
  const nodePorts: { http?: number; https?: number; uploads?: number } =
    exposure.type === "NodePort" ? exposure : {};
  service(part, workload, {
    ports: {
      web: { port: 80, targetPort: "web", nodePort: nodePorts.http },
      websecure: { port: 443, targetPort: "websecure", nodePort: nodePorts.https },
    },
    annotations: exposure.type === "LoadBalancer" ? exposure.annotations : {},
    spec,
  });
  if (exposure.uploads === undefined || exposure.type === "HostPort") return;
  service(part, workload, {
    name: `${workload}-uploads`,
    ports: {
      uploads: { port: tls ? 443 : 80, targetPort: "uploads", nodePort: nodePorts.uploads },
    },
    annotations: exposure.type === "LoadBalancer" ? exposure.uploads?.annotations : {},
    spec,
  });
}
