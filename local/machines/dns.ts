import { dnsAddress, machineLabel } from "./settings";

/** Image of the DNS server; the version that the toolchain builds. */
export const dnsImage = "registry.k8s.io/coredns/coredns:v1.15.0";

const metadata = { name: "coredns", namespace: "kube-system" };
const labels = { "k8s-app": "kube-dns" };

const corefile = `.:53 {
    errors
    health
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
        pods insecure
        ttl 5
    }
    prometheus :9153
    cache 5
    loop
    loadbalance
}
`;

/**
 * Returns the objects of the cluster's DNS server, as kubeadm installs it.
 * @param nodes number of real nodes. With several, it has two pods on different ones, so that names are found while one
 * is drained or gone.
 */
export function dnsObjects(nodes: number): object[] {
  const rbac = "rbac.authorization.k8s.io";
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata },
    {
      apiVersion: `${rbac}/v1`,
      kind: "ClusterRole",
      metadata: { name: "system:coredns" },
      rules: [
        {
          apiGroups: [""],
          resources: ["endpoints", "services", "pods", "namespaces"],
          verbs: ["list", "watch"],
        },
        {
          apiGroups: ["discovery.k8s.io"],
          resources: ["endpointslices"],
          verbs: ["list", "watch"],
        },
      ],
    },
    {
      apiVersion: `${rbac}/v1`,
      kind: "ClusterRoleBinding",
      metadata: { name: "system:coredns" },
      roleRef: { apiGroup: rbac, kind: "ClusterRole", name: "system:coredns" },
      subjects: [{ kind: "ServiceAccount", ...metadata }],
    },
    { apiVersion: "v1", kind: "ConfigMap", metadata, data: { Corefile: corefile } },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "kube-dns", namespace: "kube-system", labels },
      spec: {
        clusterIP: dnsAddress,
        selector: labels,
        ports: [
          { name: "dns", port: 53, protocol: "UDP" },
          { name: "dns-tcp", port: 53, protocol: "TCP" },
          { name: "metrics", port: 9153, protocol: "TCP" },
        ],
      },
    },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { ...metadata, labels },
      spec: {
        replicas: Math.min(nodes, 2),
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: podSpec() },
      },
    },
  ];
}

function podSpec(): object {
  return {
    serviceAccountName: "coredns",
    priorityClassName: "system-cluster-critical",
    dnsPolicy: "Default",
    nodeSelector: machineLabel,
    tolerations: [{ key: "CriticalAddonsOnly", operator: "Exists" }],
    affinity: {
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          {
            weight: 100,
            podAffinityTerm: {
              labelSelector: { matchLabels: labels },
              topologyKey: "kubernetes.io/hostname",
            },
          },
        ],
      },
    },
    containers: [
      {
        name: "coredns",
        image: dnsImage,
        args: ["-conf", "/etc/coredns/Corefile"],
        resources: { limits: { memory: "170Mi" }, requests: { cpu: "20m", memory: "70Mi" } },
        volumeMounts: [{ name: "config", mountPath: "/etc/coredns", readOnly: true }],
        ports: [
          { containerPort: 53, protocol: "UDP" },
          { containerPort: 53, protocol: "TCP" },
        ],
        securityContext: {
          allowPrivilegeEscalation: false,
          capabilities: { add: ["NET_BIND_SERVICE"], drop: ["ALL"] },
          readOnlyRootFilesystem: true,
        },
        livenessProbe: { httpGet: { path: "/health", port: 8080 }, initialDelaySeconds: 30 },
        readinessProbe: { httpGet: { path: "/ready", port: 8181 }, periodSeconds: 2 },
      },
    ],
    volumes: [{ name: "config", configMap: { name: metadata.name } }],
  };
}
