import type { Part } from "../shared/context";
import { service } from "../shared/service";

/** Which nodes pass requests on, and whether under the client's own address. */
export type ExternalTrafficPolicy = "Cluster" | "Local";

/** How clients outside of the cluster reach the gateway, and the entrance for uploads where it has one. */
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
  /** Ports of the machines that Traefik runs on, one pod each. */
  | { type: "HostPort"; http: number; https: number; uploads?: number };

/** The Service that clients reach, and a second one where uploads have an entrance of their own. */
export function services(
  part: Part,
  workload: string,
  { exposure, tls }: { exposure: Exposure; tls: boolean },
): void {
  const spec =
    exposure.type === "HostPort"
      ? // By host ports the machines themselves are the way in.
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
