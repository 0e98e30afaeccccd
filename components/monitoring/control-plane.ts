import type { ControlPlaneConfig, EndpointConfig, PodEndpointConfig } from "../../config";
import { metaLabel, plainJob, type Discovery, type ScrapeJob } from "./job";
import type { JobName } from "./stored-metrics";
import { copy, keep, type RelabelRule } from "./relabel";

/** Folder of the cluster's CA certificate and the pod's own token. */
const account = "/var/run/secrets/kubernetes.io/serviceaccount";

/** Folder of the client certificates; each has a subfolder with the name of its Secret. */
export const certificateFolder = "/etc/prometheus/certificates";

const node = copy(metaLabel("pod_node_name"), "node");

/** Returns the scrape jobs of the control plane and the kubelets, without those that are disabled. */
export function controlPlaneJobs(config: ControlPlaneConfig): ScrapeJob[] {
  const { apiserver, kubelet } = config;
  return [
    ...endpointJob("apiserver", apiserver, {
      discovery: { role: "endpointslice", namespaces: { names: ["default"] } },
      rules: [
        keep([metaLabel("service_name"), metaLabel("endpointslice_port_name")], "kubernetes;https"),
      ],
    }),
    ...podJob("etcd", config.etcd),
    ...podJob("controller-manager", config.controllerManager),
    ...podJob("scheduler", config.scheduler),
    ...podJob("kube-proxy", config.kubeProxy),
    ...podJob("coredns", config.coredns),
    ...endpointJob("kubelet", kubelet, everyNode),
    ...endpointJob("cadvisor", kubelet, everyNode).map((job) => ({
      ...job,
      metrics_path: "/metrics/cadvisor",
      // cAdvisor's timestamps are those of its own interval, which would look like gaps.
      honor_timestamps: false,
    })),
  ];
}

/** Returns the names of the Secrets with the client certificates that the jobs need. */
export function certificateSecrets(config: ControlPlaneConfig): string[] {
  const secrets = Object.values(config).flatMap(({ enabled, tls }) =>
    enabled && tls.secret !== undefined ? [tls.secret] : [],
  );
  return [...new Set(secrets)].sort();
}

interface Found {
  discovery: Discovery;
  rules: RelabelRule[];
}

/** The address of a node target is its kubelet's. */
const everyNode: Found = {
  discovery: { role: "node" },
  rules: [copy(metaLabel("node_name"), "node")],
};

function podJob(name: JobName, config: PodEndpointConfig): ScrapeJob[] {
  const label = Object.entries(config.podLabels)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
  return endpointJob(name, config, {
    discovery: {
      role: "pod",
      namespaces: { names: ["kube-system"] },
      selectors: [{ role: "pod", label }],
    },
    rules: [
      // A pod may declare any ports or none; all of them become one target.
      address("([0-9.]+)", `$1:${config.port}`),
      address("([0-9a-f]*:[0-9a-f:]*)", `[$1]:${config.port}`),
      copy(metaLabel("pod_name"), "pod"),
      node,
    ],
  });
}

function address(regex: string, replacement: string): RelabelRule {
  const source_labels = [metaLabel("pod_ip")];
  return { source_labels, regex, target_label: "__address__", replacement, action: "replace" };
}

function endpointJob(name: JobName, config: EndpointConfig, found: Found): ScrapeJob[] {
  if (!config.enabled) return [];
  const { addresses, scheme, tls, credentials } = config;
  return [
    {
      ...plainJob(name),
      scheme,
      ...(scheme === "https" ? { tls_config: tlsConfig(tls) } : {}),
      ...(credentials === "serviceAccount"
        ? {
            authorization: { type: "Bearer", credentials_file: `${account}/token` } as const,
          }
        : {}),
      ...(addresses === undefined
        ? { kubernetes_sd_configs: [found.discovery], relabel_configs: found.rules }
        : { static_configs: [{ targets: addresses }] }),
    },
  ];
}

function tlsConfig(tls: EndpointConfig["tls"]): ScrapeJob["tls_config"] {
  const folder = tls.secret === undefined ? undefined : `${certificateFolder}/${tls.secret}`;
  return {
    ca_file: `${folder ?? account}/ca.crt`,
    ...(folder === undefined
      ? {}
      : { cert_file: `${folder}/tls.crt`, key_file: `${folder}/tls.key` }),
    ...(tls.serverName === undefined ? {} : { server_name: tls.serverName }),
    insecure_skip_verify: tls.skipVerify,
  };
}
