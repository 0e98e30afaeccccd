import type { Network } from "./network";
import { serverPort } from "./ports";

/**
 * Returns the endpoints of Service `kubernetes`. The API server would otherwise write its address on
 * loopback, which pods cannot reach.
 */
export function serverEndpoints({ gateway }: Network): object[] {
  const metadata = {
    name: "kubernetes",
    namespace: "default",
    labels: { "kubernetes.io/service-name": "kubernetes" },
  };
  const ports = [{ name: "https", port: serverPort, protocol: "TCP" }];
  return [
    {
      apiVersion: "v1",
      kind: "Endpoints",
      metadata: { ...metadata, labels: { "endpointslice.kubernetes.io/skip-mirror": "true" } },
      subsets: [{ addresses: [{ ip: gateway }], ports }],
    },
    {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata,
      addressType: "IPv4",
      endpoints: [{ addresses: [gateway], conditions: { ready: true } }],
      ports,
    },
  ];
}
