import { at, titleOf, type KubernetesObject } from "../../render/objects";
import type { Finding, ObjectRule } from "../rule";

interface BackendRef {
  name: string;
  weight?: number;
}

/** Rules about the routing of requests. */
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
    title: "Node ports are in the range platform:policy.nodePorts, and each is used once",
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
            : [{ object, message: `expected a node port from ${min} to ${max}, got ${port}` }]),
          ...(owner === object
            ? []
            : [
                {
                  object,
                  message: `expected a node port that nothing else uses, got ${port}, which ${owner} uses`,
                },
              ]),
        ];
      });
    },
  },
];

/** A single backend receives all requests, whatever its weight. */
function weights(route: KubernetesObject, index: number, backends: BackendRef[]): Finding[] {
  // Default weight of a backend in the API.
  const sum = backends.reduce((total, { weight = 1 }) => total + weight, 0);
  if (backends.length < 2 || sum === 100) return [];
  const each = backends.map(({ name, weight = 1 }) => `${name} ${weight}`).join(", ");
  return [
    {
      object: titleOf(route),
      message: `rules[${index}]: expected weights that sum to 100, because they are percentages, got ${each}, which sum to ${sum}`,
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
