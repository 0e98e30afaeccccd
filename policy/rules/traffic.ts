import { at, titleOf, type KubernetesObject } from "../../render/objects";
import type { Finding, ObjectRule } from "../rule";

interface BackendRef {
  name: string;
  weight?: number;
}

/** How requests come in, and where they go. */
export const trafficRules: ObjectRule[] = [
  {
    id: "routeWeights",
    title: "The weights of a route's rule sum to 100",
    level: "mandatory",
    check: (objects) =>
      objects
        .filter(({ kind }) => kind === "HTTPRoute")
        .flatMap((route) => {
          const rules = (at(route, "spec.rules") ?? []) as { backendRefs?: BackendRef[] }[];
          return rules.flatMap(({ backendRefs = [] }, index) => weights(route, index, backendRefs));
        }),
  },
  {
    id: "nodePortRange",
    title: "Fixed ports of the machines lie in platform:policy.nodePorts, each taken once",
    level: "mandatory",
    check(objects, { nodePorts: { min, max } }) {
      const owners = new Map<string, string>();
      return fixedPorts(objects).flatMap(({ object, port, protocol }) => {
        const key = `${protocol} ${port}`;
        const owner = owners.get(key) ?? object;
        owners.set(key, owner);
        return [
          ...(port >= min && port <= max
            ? []
            : [{ object, message: `node port ${port} is given, allowed is ${min} to ${max}` }]),
          ...(owner === object
            ? []
            : [{ object, message: `node port ${port} is given, which ${owner} has already` }]),
        ];
      });
    },
  },
];

/** One backend gets all requests, whatever its weight. */
function weights(route: KubernetesObject, index: number, backends: BackendRef[]): Finding[] {
  // The API gives a backend without a weight the weight 1.
  const sum = backends.reduce((total, { weight = 1 }) => total + weight, 0);
  if (backends.length < 2 || sum === 100) return [];
  const each = backends.map(({ name, weight = 1 }) => `${name} ${weight}`).join(", ");
  return [
    {
      object: titleOf(route),
      message: `rules[${index}]: the weights ${each} sum to ${sum}; required is 100, as weights are read as percent`,
    },
  ];
}

function fixedPorts(
  objects: KubernetesObject[],
): { object: string; port: number; protocol: string }[] {
  return objects
    .filter(({ kind }) => kind === "Service")
    .flatMap((service) => {
      const ports = (at(service, "spec.ports") ?? []) as { nodePort?: number; protocol?: string }[];
      return ports.flatMap(({ nodePort, protocol = "TCP" }) =>
        nodePort === undefined ? [] : [{ object: titleOf(service), port: nodePort, protocol }],
      );
    });
}
