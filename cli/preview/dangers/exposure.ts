import { at, listAt, mapAt } from "../../../config/fields";
import { words } from "../markdown";
import { titleOf, type Step } from "../steps";
import type { Danger, Situation } from "./danger";
import {
  addedItems,
  additions,
  changes,
  codeList,
  isInNewNamespace,
  textOf,
  updates,
  type Updated,
} from "./fields";

/** Fields that decide where requests from outside reach a Service, and where it sends them. */
const fields = [
  ["type"],
  ["clusterIP"],
  ["externalName"],
  ["externalIPs"],
  ["externalTrafficPolicy"],
  ["loadBalancerIP"],
  ["loadBalancerClass"],
  ["loadBalancerSourceRanges"],
];

/** Ports and addresses at which Services and ingress classes are reached. */
export function exposure(situation: Situation): Danger[] {
  return [
    ...updates(situation, "Service").flatMap((update) => [
      ...fields.flatMap((field) =>
        changes("exposure", update, "is reached differently", ["spec", ...field]),
      ),
      ...ports(update),
    ]),
    ...updates(situation, "EndpointSlice").flatMap(addresses),
    ...additions(situation, "Service").flatMap(({ step, after }) =>
      isInNewNamespace(situation, step) ? [] : openService(step, after),
    ),
    ...updates(situation, "GatewayClass", "IngressClass").flatMap((update) =>
      changes("exposure", update, "is served by another controller", ["spec"]),
    ),
  ];
}

/** Addresses and ports outside the cluster to which a Service sends connections. */
function addresses({ step, before, after }: Updated): Danger[] {
  const all = (slice: unknown) => {
    const ports = listAt(slice, "ports").map((port) => textOf(at(port, "port")));
    return listAt(slice, "endpoints")
      .flatMap((endpoint) => listAt(endpoint, "addresses").map(textOf))
      .map((address) => `${address} ${ports.join(" ")}`);
  };
  const [old, now] = [all(before), all(after)];
  const [more, less] = [addedItems(old, now), addedItems(now, old)];
  if (more.length === 0 && less.length === 0) return [];
  const text = words`${titleOf(step)} routes to other addresses: `;
  return [danger(`${text}${codeList(now)} instead of ${codeList(old)}.`)];
}

/** A Service that bypasses the gateway and its checks of requests. */
function openService(step: Step, service: Record<string, unknown>): Danger[] {
  const type = at(service, "spec", "type");
  const addresses = listAt(service, "spec", "externalIPs");
  if (type !== "NodePort" && type !== "LoadBalancer" && addresses.length === 0) return [];
  const open = [...portsByName(service)].map(([name, port]) => `${name}, ${text(port)}`);
  const way = addresses.length > 0 ? `externalIPs ${addresses.join(", ")}` : `type ${textOf(type)}`;
  return [
    danger(
      words`New ${titleOf(step)} (${way}) bypasses the gateway and its checks of requests: ` +
        `${codeList(open)}.`,
    ),
  ];
}

function ports({ step, before, after }: Updated): Danger[] {
  const [old, now] = [portsByName(before), portsByName(after)];
  const isOpen =
    at(after, "spec", "type") === "NodePort" || at(after, "spec", "type") === "LoadBalancer";
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((name): Danger[] => {
    const [former, port] = [old.get(name), now.get(name)];
    if (port === undefined) {
      return [danger(words`${titleOf(step)} no longer has port ${name}: its clients are cut off.`)];
    }
    if (former === undefined) {
      return isOpen
        ? [danger(words`${titleOf(step)} opens a port to the outside: ${name}, ${text(port)}.`)]
        : [];
    }
    return ["port", "nodePort", "targetPort", "protocol"].flatMap((field) => {
      const [from, to] = [former[field], port[field]];
      if (from === to) return [];
      const consequence =
        field === "targetPort"
          ? "requests go to another port of its pods"
          : "clients of the former one are cut off";
      return [
        danger(
          words`${titleOf(step)}, port ${name}: ${field} changes from ${textOf(from)} to ${textOf(to)}; ` +
            `${consequence}.`,
        ),
      ];
    });
  });
}

/** Returns the ports of a Service by name. A port without a name is the only one. */
function portsByName(service: Record<string, unknown>): Map<string, Record<string, unknown>> {
  return new Map(
    listAt(service, "spec", "ports").map((port) => {
      const { name } = mapAt(port);
      return [typeof name === "string" ? name : "of the Service", mapAt(port)];
    }),
  );
}

function text(fields: Record<string, unknown>): string {
  return Object.entries(fields)
    .map(([name, part]) => `${name} ${textOf(part)}`)
    .join(", ");
}

function danger(sentence: string): Danger {
  return { kind: "exposure", text: sentence };
}
