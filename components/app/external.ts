import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { ExternalServiceConfig } from "../../config";
import { objectLabels } from "../shared/labels";
import { declareService } from "../shared/service";

interface ExternalArgs {
  namespace: pulumi.Input<string>;
  externalServices: Record<string, ExternalServiceConfig>;
}

/**
 * Declares names inside the cluster for services outside it, such as Redis or MySQL: `<app>-<name>` is an alias
 * of a host name, or a Service whose addresses are listed.
 */
export function externalServices(
  app: string,
  { namespace, externalServices: services }: ExternalArgs,
  parent: pulumi.Resource,
): void {
  for (const [service, target] of Object.entries(services)) {
    const name = `${app}-${service}`;
    const metadata = { name, namespace, labels: objectLabels(app, "apps") };
    if ("host" in target) {
      declareService(
        name,
        { metadata, spec: { type: "ExternalName", externalName: target.host } },
        { parent },
      );
    } else {
      declareServiceWithAddresses(metadata, target, parent);
    }
  }
}

/** Declares a Service without a selector, and an EndpointSlice with its addresses. */
function declareServiceWithAddresses(
  metadata: { name: string; namespace: pulumi.Input<string>; labels: Record<string, string> },
  { addresses, port }: { addresses: string[]; port: number },
  parent: pulumi.Resource,
): void {
  const { name } = metadata;
  const endpoints = new k8s.discovery.v1.EndpointSlice(
    name,
    {
      metadata: { ...metadata, labels: { ...metadata.labels, "kubernetes.io/service-name": name } },
      addressType: "IPv4",
      endpoints: addresses.map((address) => ({ addresses: [address] })),
      ports: [{ name: "tcp", port, protocol: "TCP" }],
    },
    { parent },
  );
  declareService(
    name,
    { metadata, spec: { ports: [{ name: "tcp", port, targetPort: port, protocol: "TCP" }] } },
    { parent, dependsOn: [endpoints] },
  );
}
