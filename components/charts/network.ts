import * as k8s from "@pulumi/kubernetes";
import type { Part } from "../shared/context";
import { objectLabels } from "../shared/labels";
import {
  addressesIn,
  apiServerEgress,
  closeNamespace,
  dnsEgress,
  podsIn,
} from "../shared/network-policy";

/** Connections of a package's own namespace. */
export interface NetworkArgs {
  /** Connections to its pods. Default of `from`: any address. */
  ingress: { from?: string[]; ports: number[] }[];
  /** Addresses outside the cluster that its pods connect to. */
  egress: { cidr: string; ports: number[]; protocol: "TCP" | "UDP" }[];
  /** Whether its pods call the API server. */
  apiServer: boolean;
}

/** Allows the listed connections, and those between the namespace's own pods; denies all others. */
export function openNetwork(
  part: Part,
  namespace: string,
  { ingress, egress, apiServer }: NetworkArgs,
): void {
  const sameNamespace = { podSelector: {} };
  const tcp = (port: number) => ({ protocol: "TCP", port });
  const policy = new k8s.networking.v1.NetworkPolicy(
    `${namespace}-network`,
    {
      metadata: {
        name: "network",
        namespace: part.namespace,
        labels: objectLabels(part.name, part.name),
      },
      spec: {
        podSelector: {},
        policyTypes: ["Ingress", "Egress"],
        ingress: [
          { from: [sameNamespace] },
          { from: [podsIn("monitoring")], ports: [{ protocol: "TCP" }] },
          ...ingress.map(({ from, ports }) => ({
            ...(from === undefined ? {} : { from: from.map((name) => podsIn(name)) }),
            ports: ports.map(tcp),
          })),
        ],
        egress: [
          { to: [sameNamespace] },
          dnsEgress(part.context),
          ...(apiServer ? [apiServerEgress] : []),
          ...egress.map(({ cidr, ports, protocol }) => ({
            to: [addressesIn(cidr)],
            ports: ports.map((port) => ({ protocol, port })),
          })),
        ],
      },
    },
    { parent: part.parent },
  );
  part.policies.push(policy);
  closeNamespace(part, namespace);
}
