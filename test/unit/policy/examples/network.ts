import { nodePorts, object, route, workload } from "../objects";
import { type Examples, shop } from "./builders";

const closed = (spec: object) =>
  object("NetworkPolicy", "commerce-dev/shop", {
    spec: { policyTypes: ["Ingress", "Egress"], ...spec },
  });

const except = (value: string) => ({
  matchExpressions: [{ key: "platform/kind", operator: "NotIn", values: [value] }],
});

/** Examples for the rules of `policy/rules/network.ts` and `policy/rules/traffic.ts`. */
export const networkExamples: Record<string, Examples> = {
  networkPolicy: {
    passes: [
      [workload(), closed({ podSelector: {} })],
      [workload(), closed({ podSelector: { matchLabels: { "app.kubernetes.io/name": "shop" } } })],
      [workload(), closed({ podSelector: except("worker") })],
      [workload({ hostNetwork: true })],
    ],
    fails: [
      [
        [workload(), closed({ podSelector: {}, policyTypes: ["Ingress"] })],
        `${shop}: egress: expected a NetworkPolicy that selects its pods, got none`,
      ],
      [
        [
          workload(),
          closed({ podSelector: {}, policyTypes: undefined }),
          closed({ podSelector: { matchLabels: { app: "x" } } }),
        ],
        `${shop}: egress: expected a NetworkPolicy that selects its pods, got none`,
      ],
    ],
  },
  headlessService: {
    passes: [
      [
        workload({}, { serviceName: "shop" }, "StatefulSet"),
        object("Service", "commerce-dev/shop", { spec: { clusterIP: "None" } }),
      ],
    ],
    fails: [
      [
        [
          workload({}, { serviceName: "shop" }, "StatefulSet"),
          object("Service", "commerce-dev/shop", { spec: {} }),
        ],
        'StatefulSet commerce-dev/shop: spec.serviceName: expected a headless Service of its namespace, got "shop"',
      ],
      [
        [workload({}, { serviceName: "shop" }, "StatefulSet")],
        'StatefulSet commerce-dev/shop: spec.serviceName: expected a headless Service of its namespace, got "shop"',
      ],
    ],
  },
  routeWeights: {
    passes: [[route([90, 10], [0, 100])], [route([1])], [route([])]],
    fails: [
      [
        [route([50, 50], [90, 11])],
        "HTTPRoute commerce-dev/shop: rules[1]: expected weights that sum to 100, because they are percentages, got b0 90, b1 11, which sum to 101",
      ],
      [
        [route([99, undefined, 1])],
        "HTTPRoute commerce-dev/shop: rules[0]: expected weights that sum to 100, because they are percentages, got b0 99, b1 1, b2 1, which sum to 101",
      ],
    ],
  },
  nodePortRange: {
    passes: [
      [nodePorts("a", 30_000), nodePorts("b", 32_767)],
      [nodePorts("dns", 30_053, [30_053, "UDP"])],
      [object("Service", "commerce-dev/c", { spec: { ports: [{ port: 80 }] } })],
    ],
    fails: [
      [
        [nodePorts("a", 29_999)],
        "Service commerce-dev/a: expected a node port from 30000 to 32767, got 29999",
      ],
      [
        [nodePorts("a", 32_768)],
        "Service commerce-dev/a: expected a node port from 30000 to 32767, got 32768",
      ],
      [
        [nodePorts("a", 30_080), nodePorts("b", 30_080)],
        "Service commerce-dev/b: expected a node port that nothing else uses, got 30080, which Service commerce-dev/a uses",
      ],
    ],
  },
};
