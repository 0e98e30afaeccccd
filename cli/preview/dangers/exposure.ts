import { words } from "../markdown";
import { titleOf } from "../steps";
import type { Danger, Situation } from "./danger";
import { added, at, changes, list, map, textOf, updates, type Updated } from "./fields";

/** Where requests from outside reach a Service, and where it sends them. */
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

/** Ports and addresses at which Services, routes and ingress classes are reached. */
export function exposure(situation: Situation): Danger[] {
  return [
    ...updates(situation, "Service").flatMap((update) => [
      ...fields.flatMap((field) =>
        changes("exposure", update, "is reached otherwise", ["spec", ...field]),
      ),
      ...ports(update),
    ]),
    ...updates(situation, "HTTPRoute", "Ingress").flatMap(routes),
    ...updates(situation, "GatewayClass", "IngressClass").flatMap((update) =>
      changes("exposure", update, "is served by another controller", ["spec"]),
    ),
  ];
}

function ports({ step, before, after }: Updated): Danger[] {
  const [old, now] = [named(before), named(after)];
  const isOpen =
    at(after, "spec", "type") === "NodePort" || at(after, "spec", "type") === "LoadBalancer";
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((name): Danger[] => {
    const [former, port] = [old.get(name), now.get(name)];
    if (port === undefined) {
      return [
        danger(words`${titleOf(step)} no longer has port ${name}: clients of it are cut off.`),
      ];
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

/** Ports by their names; one without a name is the only one. */
function named(service: Record<string, unknown>): Map<string, Record<string, unknown>> {
  return new Map(
    list(service, "spec", "ports").map((port) => {
      const { name } = map(port);
      return [typeof name === "string" ? name : "of the Service", map(port)];
    }),
  );
}

function routes(update: Updated): Danger[] {
  const { step, before, after } = update;
  const hosts = (object: unknown) => [
    ...list(object, "spec", "hostnames"),
    ...list(object, "spec", "rules").flatMap((rule) => at(rule, "host") ?? []),
  ];
  const gone = added(hosts(after), hosts(before));
  const parents = added(list(after, "spec", "parentRefs"), list(before, "spec", "parentRefs"));
  return [
    ...gone.map((host) =>
      danger(words`${titleOf(step)} no longer serves ${textOf(host)}: its clients get an error.`),
    ),
    ...parents.map((parent) =>
      danger(
        words`${titleOf(step)} leaves the entrance ${text(map(parent))}: requests that come there find no route.`,
      ),
    ),
  ];
}

function text(fields: Record<string, unknown>): string {
  return Object.entries(fields)
    .map(([name, part]) => `${name} ${textOf(part)}`)
    .join(", ");
}

function danger(sentence: string): Danger {
  return { kind: "exposure", text: sentence };
}
