import {
  addressIn,
  isServerAddressIn,
  isVast,
  areOverlapping,
  prefixOf,
  unusableAddress,
} from "../../config/addresses";
import { duplicates, expected, show, type ConfigError } from "../../config/errors";
import { apiPort, portsInUse } from "../ports";
import type { ClusterFile } from "../schema";
import { controlPlaneOf } from "../schema/machines";

/** Returns errors across the addresses of a cluster. */
export function networkErrors(cluster: ClusterFile): ConfigError[] {
  return [
    ...overlaps(cluster),
    ...sizes(cluster),
    ...addresses(cluster),
    ...endpointErrors(cluster),
    ...firewallErrors(cluster),
  ];
}

function overlaps({ network }: ClusterFile): ConfigError[] {
  const names = ["machines", "pods", "services"] as const;
  return names.flatMap((name, index) =>
    names
      .slice(0, index)
      .filter((other) => areOverlapping(network[name], network[other]))
      .map((other) => ({
        key: `network.${name}`,
        message: expected(
          "a range that shares no address with another one",
          `${network[name]}, which overlaps network.${other}, ${network[other]}`,
        ),
      })),
  );
}

function sizes({ network, machines, kubelet }: ClusterFile): ConfigError[] {
  const errors: ConfigError[] = [];
  const services = prefixOf(network.services);
  if (services < 12 || services > 24) {
    const next = "API servers accept at most 1,048,576 addresses, and 256 are used up quickly";
    const message = expected("a prefix from 12 to 24", show(network.services), next);
    errors.push({ key: "network.services", message });
  }
  const bits = network.nodePrefix - prefixOf(network.pods);
  const count = Object.keys(machines).length;
  if (bits < 0 || bits > 16 || count > 2 ** bits) {
    const what = `a range that holds a /${network.nodePrefix} for each of ${count} machines, and at most 65536 of them`;
    errors.push({ key: "network.pods", message: expected(what, show(network.pods)) });
  }
  const pods = 2 ** (32 - network.nodePrefix) - 2;
  if (kubelet.maxPods > pods) {
    const what = `at most ${pods}, the addresses of a /${network.nodePrefix}`;
    const next = "or set a smaller network.nodePrefix";
    errors.push({ key: "kubelet.maxPods", message: expected(what, String(kubelet.maxPods), next) });
  }
  return errors;
}

function addresses({ network, machines }: ClusterFile): ConfigError[] {
  const all = Object.entries(machines).map(([name, { address }]): [string, string] => [
    `machines.${name}.address`,
    address,
  ]);
  return [
    ...all.flatMap(([key, address]) => inMachines(key, address, network.machines)),
    ...duplicates(all, "an address"),
  ];
}

/** Returns the error for an address that a machine in the range cannot have. */
function inMachines(key: string, address: string, range: string): ConfigError[] {
  const unusable = unusableAddress(address);
  if (unusable !== undefined) {
    return [{ key, message: expected("the address of a machine", `${address}, ${unusable}`) }];
  }
  if (isServerAddressIn(range, address)) return [];
  const what = `an address in network.machines, ${range}, such as ${addressIn(range, 1)}`;
  return [{ key, message: expected(what, address) }];
}

function endpointErrors({ endpoint, network, machines }: ClusterFile): ConfigError[] {
  const key = "endpoint.address";
  const owner = Object.keys(machines).find((it) => machines[it]?.address === endpoint.address);
  const owned = (next: string): ConfigError => ({
    key,
    message: expected(
      "an address that no machine has",
      `${endpoint.address}, that of machines.${owner ?? ""}`,
      next,
    ),
  });
  if (endpoint.type === "external") {
    if (owner === undefined || controlPlaneOf({ machines }).length <= 1) return [];
    return [owned("name the load balancer, or the cluster fails with that machine")];
  }
  const errors = inMachines(key, endpoint.address, network.machines);
  if (owner !== undefined)
    errors.push(owned("choose a free one: keepalived moves it between machines"));
  const user = portsInUse.find(({ ports }) => ports.includes(endpoint.port));
  if (user !== undefined) {
    const what = "a port that control-plane machines do not use";
    const message = expected(
      what,
      `${endpoint.port}, the port of ${user.what}`,
      `${apiPort + 2000} is free`,
    );
    errors.push({ key: "endpoint.port", message });
  }
  return errors;
}

function firewallErrors({ firewall }: ClusterFile): ConfigError[] {
  return firewall.ssh.flatMap((range, index) =>
    isVast(range)
      ? [
          {
            key: `firewall.ssh[${index}]`,
            message: expected(
              "the range of administrators",
              `${range}, a large part of the internet`,
            ),
          },
        ]
      : [],
  );
}
