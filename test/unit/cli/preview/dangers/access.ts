import { pod, container, type Fields, type Pair } from "./examples";

const service = (type: string, port: Fields): Fields => ({ spec: { type, ports: [port] } });
const web = { name: "web", port: 80, nodePort: 30080, targetPort: "http" };
const slice = (...addresses: string[]): Fields => ({
  addressType: "IPv4",
  endpoints: addresses.map((each) => ({ addresses: [each] })),
  ports: [{ name: "tcp", port: 3306 }],
});
const route = (...hostnames: string[]): Fields => ({ spec: { hostnames } });
const binding = (...names: string[]): Fields => ({
  roleRef: { kind: "Role", name: "admin" },
  subjects: names.map((name) => ({ kind: "Group", name })),
});
const rules = (...verbs: string[]): Fields => ({
  rules: [{ apiGroups: [""], resources: ["pods"], verbs }],
});
const level = (enforce: string): Fields => ({
  metadata: { name: "x", labels: { "pod-security.kubernetes.io/enforce": enforce } },
});
const policy = (selector: Fields, egress: unknown[]): Fields => ({
  spec: { podSelector: { matchLabels: selector }, policyTypes: ["Egress"], egress },
});
const to = (...peers: unknown[]): unknown => ({
  to: peers,
  ports: [{ protocol: "TCP", port: 443 }],
});
const address = (cidr: string): Fields => ({ ipBlock: { cidr } });

/** Changes of connections and rights: each danger with the most similar harmless change. */
export const access: Pair[] = [
  {
    what: "a node port moves",
    kind: "Service",
    before: service("NodePort", web),
    after: service("NodePort", { ...web, nodePort: 30081 }),
    is: ["exposure", /nodePort` changes from `30080` to `30081`/],
    harmless: {
      after: {
        ...service("NodePort", web),
        metadata: { name: "x", namespace: "a", labels: { a: "b" } },
      },
    },
  },
  {
    what: "a Service's type changes",
    kind: "Service",
    before: service("LoadBalancer", web),
    after: service("NodePort", web),
    is: ["exposure", /spec\.type` changes from `LoadBalancer` to `NodePort`/],
    harmless: { after: service("LoadBalancer", web) },
  },
  {
    what: "a service outside the cluster has another address",
    kind: "EndpointSlice",
    before: slice("192.0.2.10", "192.0.2.11"),
    after: slice("192.0.2.10", "192.0.2.12"),
    is: ["exposure", /routes to other addresses: .*`192\.0\.2\.12 3306` instead of /],
    harmless: { after: slice("192.0.2.11", "192.0.2.10") },
  },
  {
    what: "a Service's port is removed",
    kind: "Service",
    before: service("ClusterIP", web),
    after: service("ClusterIP", { ...web, name: "other" }),
    is: ["exposure", /no longer has port `web`/],
    harmless: { after: { spec: { type: "ClusterIP", ports: [web, { name: "more", port: 81 }] } } },
  },
  {
    what: "a Service opens a port to the outside",
    kind: "Service",
    before: service("NodePort", web),
    after: {
      spec: { type: "NodePort", ports: [web, { name: "admin", port: 9000, nodePort: 30900 }] },
    },
    is: ["exposure", /opens a port to the outside: `admin`/],
    harmless: {
      before: service("ClusterIP", web),
      after: { spec: { type: "ClusterIP", ports: [web, { name: "admin", port: 9000 }] } },
    },
  },
  {
    what: "a load balancer takes requests from more addresses",
    kind: "Service",
    before: { spec: { type: "LoadBalancer", loadBalancerSourceRanges: ["10.0.0.0/8"] } },
    after: { spec: { type: "LoadBalancer" } },
    is: ["exposure", /loadBalancerSourceRanges/],
    harmless: {
      after: { spec: { type: "LoadBalancer", loadBalancerSourceRanges: ["10.0.0.0/8"] } },
    },
  },
  {
    what: "a route gives up a host",
    kind: "HTTPRoute",
    before: route("a.example.com", "b.example.com"),
    after: route("a.example.com"),
    is: ["exposure", /no longer serves `b\.example\.com`/],
    harmless: { after: route("a.example.com", "b.example.com", "c.example.com") },
  },
  {
    what: "a binding gets subjects",
    kind: "RoleBinding",
    before: binding("leads"),
    after: binding("leads", "everyone"),
    is: ["rights", /gives the rights of `admin` to `Group everyone`/],
    harmless: { after: binding() },
  },
  {
    what: "a role gets rules",
    kind: "Role",
    before: rules("get"),
    after: rules("get", "delete"),
    is: ["rights", /allows more: `delete pods`/],
    harmless: { before: rules("get", "*"), after: rules("get", "delete") },
  },
  {
    what: "a cluster role is new",
    kind: "ClusterRole",
    op: "create",
    after: rules("get"),
    is: ["rights", /New rights in the whole cluster: `ClusterRole a\/x`/],
    harmless: { kind: "ServiceAccount" },
  },
  {
    what: "a binding is new in a namespace with running pods",
    kind: "RoleBinding",
    op: "create",
    after: binding("everyone"),
    is: ["rights", /New rights: `RoleBinding a\/x` for `Group everyone`/],
    harmless: { namespace: "new" },
  },
  {
    what: "a namespace admits more pods",
    kind: "Namespace",
    before: level("restricted"),
    after: level("privileged"),
    is: ["pod-security", /changes from `restricted` to `privileged`/],
    harmless: { before: level("baseline"), after: level("restricted") },
  },
  {
    what: "a new namespace admits everything",
    kind: "Namespace",
    op: "create",
    after: level("privileged"),
    is: ["pod-security", /pods that may do everything/],
    harmless: { after: level("restricted") },
  },
  {
    what: "a container gets capabilities",
    kind: "DaemonSet",
    before: container({}),
    after: container({ securityContext: { capabilities: { add: ["SYS_ADMIN"] } } }),
    is: ["pod-security", /app: capability SYS_ADMIN/],
    harmless: {
      before: container({ securityContext: { privileged: true } }),
      after: container({}),
    },
  },
  {
    what: "pods get the node's network",
    kind: "DaemonSet",
    before: pod({}),
    after: pod({ hostNetwork: true }),
    is: ["pod-security", /hostNetwork/],
    harmless: { before: pod({ hostNetwork: true }), after: pod({}) },
  },
  {
    what: "pods get a directory of the node",
    kind: "DaemonSet",
    before: pod({}),
    after: pod({ volumes: [{ name: "a", hostPath: { path: "/etc" } }] }),
    is: ["pod-security", /directory \/etc of the node/],
    harmless: { after: pod({ volumes: [{ name: "a", emptyDir: {} }] }) },
  },
  {
    what: "running pods may reach the whole internet",
    kind: "NetworkPolicy",
    before: policy({ app: "neighbour" }, [to(address("10.0.0.0/8"))]),
    after: policy({ app: "neighbour" }, [to(address("0.0.0.0/0"))]),
    is: ["network", /Pods of `Deployment a\/neighbour` can reach `0\.0\.0\.0\/0, port TCP 443`/],
    harmless: {
      op: "create",
      before: policy({ app: "new" }, []),
      after: policy({ app: "new" }, [to(address("0.0.0.0/0"))]),
    },
  },
  {
    what: "running pods may no longer reach something",
    kind: "NetworkPolicy",
    before: policy({ app: "neighbour" }, [to(address("10.0.0.0/8"))]),
    after: policy({ app: "neighbour" }, []),
    is: ["network", /can no longer reach `10\.0\.0\.0\/8, port TCP 443`/],
    harmless: {
      after: policy({ app: "neighbour" }, [
        { to: [address("10.0.0.0/8")], ports: [{ protocol: "TCP", port: 443 }] },
      ]),
    },
  },
  {
    what: "a first policy cuts running pods off",
    kind: "NetworkPolicy",
    op: "create",
    after: policy({}, []),
    is: ["network", /can no longer reach `everything`/],
    harmless: { namespace: "b" },
  },
];
