import { example, machines } from "./errors";

/** Each refusal by what is changed, with the exact error. */
export const refusals: [
  name: string,
  change: (given: ReturnType<typeof example>) => void,
  error: string,
][] = [
  [
    "pods among the machines' addresses",
    (it) => (it["network"]!["pods"] = "10.20.0.0/14"),
    "network.pods: expected a range that shares no address with another one, got 10.20.0.0/14, which overlaps network.machines, 10.20.0.0/24",
  ],
  [
    "Services among the pods' addresses",
    (it) => (it["network"]!["services"] = "10.129.0.0/16"),
    "network.services: expected a range that shares no address with another one, got 10.129.0.0/16, which overlaps network.pods, 10.128.0.0/14",
  ],
  [
    "too few addresses for Services",
    (it) => (it["network"]!["services"] = "10.96.0.0/26"),
    'network.services: expected a prefix from 12 to 24, got "10.96.0.0/26"; API servers accept at most 1,048,576 addresses, and 256 are used up quickly',
  ],
  [
    "too few ranges of pods",
    (it) => (it["network"]!["pods"] = "10.128.0.0/22"),
    'network.pods: expected a range that holds a /24 for each of 6 machines, and at most 65536 of them, got "10.128.0.0/22"',
  ],
  [
    "more pods than addresses of a machine",
    (it) => (it["network"]!["nodePrefix"] = 26),
    "kubelet.maxPods: expected at most 62, the addresses of a /26, got 110; or set a smaller network.nodePrefix",
  ],
  [
    "two control-plane machines",
    (it) => delete machines(it)["control-3"],
    "machines: expected 1 or 3 machines of the control plane, got 2; etcd with two members stops when either of them fails",
  ],
  [
    "one address twice",
    (it) => (machines(it)["worker-2"]!["address"] = "10.20.0.31"),
    'machines.worker-2.address: expected an address that nothing else uses, got "10.20.0.31", which machines.worker-1.address uses',
  ],
  [
    "an address elsewhere",
    (it) => (machines(it)["worker-2"]!["address"] = "10.21.0.31"),
    "machines.worker-2.address: expected an address in network.machines, 10.20.0.0/24, such as 10.20.0.1, got 10.21.0.31",
  ],
  [
    "the broadcast address",
    (it) => (machines(it)["worker-2"]!["address"] = "10.20.0.255"),
    "machines.worker-2.address: expected an address in network.machines, 10.20.0.0/24, such as 10.20.0.1, got 10.20.0.255",
  ],
  [
    "a shared address elsewhere",
    (it) => (it["endpoint"]!["address"] = "10.30.0.20"),
    "endpoint.address: expected an address in network.machines, 10.20.0.0/24, such as 10.20.0.1, got 10.30.0.20",
  ],
  [
    "a shared address that a machine has",
    (it) => (it["endpoint"]!["address"] = "10.20.0.22"),
    "endpoint.address: expected an address that no machine has, got 10.20.0.22, that of machines.control-2; choose a free one: keepalived moves it between machines",
  ],
  [
    "HAProxy on the API server's port",
    (it) => (it["endpoint"]!["port"] = 6443),
    "endpoint.port: expected a port that control-plane machines do not use, got 6443, the port of the API server; 8443 is free",
  ],
  [
    "one of three machines in place of a load balancer",
    (it) => (it["endpoint"] = { type: "external", address: "10.20.0.21" }),
    "endpoint.address: expected an address that no machine has, got 10.20.0.21, that of machines.control-1; name the load balancer, or the cluster fails with that machine",
  ],
  [
    "a machine without a zone",
    (it) => delete machines(it)["worker-1"]!["zone"],
    "machines.worker-1.zone: expected a zone, like other machines (zone-a, zone-b, zone-c), got nothing",
  ],
  [
    "a group that there is not",
    (it) => (machines(it)["worker-1"]!["group"] = "gpu"),
    'machines.worker-1.group: expected one of the groups (there is none), got "gpu"; or add it to groups',
  ],
  [
    "a group without machines",
    (it) => (it["groups"] = { gpu: { labels: { "example.com/gpu": "yes" } } }),
    "groups.gpu: expected at least one machine of the group, got none; set group: gpu on machines",
  ],
  [
    "a label that no kubelet may set",
    (it) => (machines(it)["worker-1"]!["labels"] = { "node-role.kubernetes.io/worker": "" }),
    'machines.worker-1.labels["node-role.kubernetes.io/worker"]: expected a label that a kubelet may set on its own node, got "node-role.kubernetes.io/worker"; use a key of your own, such as example.com/pool',
  ],
  [
    "a kubelet that is newer than the API servers",
    (it) => (machines(it)["worker-1"]!["version"] = "1.37.2"),
    'machines.worker-1.version: expected at most 1.36.3 and at most 3 minor versions older, got "1.37.2"; upgrade the control plane first: set version',
  ],
  [
    "a control-plane machine two versions behind",
    (it) => (machines(it)["control-2"]!["version"] = "1.34.4"),
    'machines.control-2.version: expected at most 1.36.3 and at most 1 minor version older, got "1.34.4"',
  ],
  [
    "a version that the platform does not support",
    (it) => (it["version"] = "1.30.0" as never),
    'version: expected a version of 1.34, 1.35, 1.36, 1.37, got "1.30.0"',
  ],
  [
    "SSH for the internet",
    (it) => (it["firewall"]!["ssh"] = ["0.0.0.0/0"]),
    "firewall.ssh[0]: expected the range of administrators, got 0.0.0.0/0, a large part of the internet",
  ],
  [
    "only mirrors, without any",
    (it) => (it["runtime"] = { mirrorsOnly: true }),
    "runtime.mirrors: expected mirrors next to runtime.mirrorsOnly, got none; no image could be pulled",
  ],
  [
    "a kernel setting that Kubernetes needs",
    (it) => (it["sysctls"] = { "net.ipv4.ip_forward": 0 }),
    'sysctls["net.ipv4.ip_forward"]: expected 1, which Kubernetes needs, got 0; remove it',
  ],
  [
    "Pod Security on the control plane's own namespace",
    (it) => (it["admission"] = { podSecurity: { exempt: [] } }),
    "admission.podSecurity.exempt: expected a list with kube-system, got []; its pods need the machines' network",
  ],
  [
    "an unknown key",
    (it) => (it["machine"] = {}),
    'machine: expected one of the keys admission, audit, certificateNames, encryption, endpoint, firewall, groups, images, kubelet, machines, modules, network, packages, runtime, stacks, sysctls, version, got "machine"; did you mean "machines"?',
  ],
];
