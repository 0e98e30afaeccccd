import { prometheusServer, type BlockStorageClass, type MonitoringConfig } from "../../config";
import type { Part } from "../shared/context";
import {
  anyAddress,
  everyPort,
  gatewayPods,
  podsIn,
  podsOf,
  type Network,
} from "../shared/network-policy";
import type { PartContainer } from "../shared/pod-template";
import { serviceAccount, type Rule } from "../shared/service-account";
import { certificateFolder, certificateSecrets } from "./control-plane";
import { liveFiles } from "./files";
import { prometheusFile, rulesFolder, yaml } from "./prometheus-config";
import { dataVolume, serverSet } from "./stateful";

/** Arguments of {@link prometheus}. */
export interface PrometheusArgs {
  /** Settings of Prometheus from the stack's config: replicas, storage, retention and resources. */
  config: MonitoringConfig["prometheus"];
  /** Block storage class of its volumes. Default: the cluster's default class. */
  storageClass?: BlockStorageClass;
  /** Content of prometheus.yml. */
  file: ReturnType<typeof prometheusFile>;
  /** Rule files by name. */
  rules: Record<string, string>;
  /** Which parts of the control plane it scrapes, and how. */
  controlPlane: MonitoringConfig["controlPlane"];
  /** URL of the web UI, for the links in alerts. Default: none. */
  url?: string;
  /** Namespace of KEDA, which queries it. Default: `autoscaling`. */
  scaler?: string;
}

const { name, port } = prometheusServer;
const configFolder = "/etc/prometheus/config";
const read = ["get", "list", "watch"];

/** Rights to discover targets in the whole cluster, and to read the metrics of its own servers. */
const clusterRules: Rule[] = [
  { apiGroups: [""], resources: ["nodes", "pods", "services"], verbs: read },
  { apiGroups: [""], resources: ["nodes/metrics"], verbs: ["get"] },
  { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: read },
  { nonResourceURLs: ["/metrics", "/metrics/cadvisor"], verbs: ["get"] },
];

/** Clients of Prometheus, and what it connects to. */
function network({ scaler = "autoscaling" }: PrometheusArgs): Network {
  return {
    ingress: [
      {
        // Users, dashboards, autoscaling by requests, and the release checks of CI.
        from: [gatewayPods, podsOf("grafana"), podsIn(scaler), podsIn("ci"), podsIn("ci-agents")],
        ports: [port],
      },
    ],
    // Annotations of pods name any port for metrics; nodes have the ports of their exporters.
    egress: [{ to: [{ namespaceSelector: {} }, anyAddress], ports: [everyPort] }],
  };
}

/** Declares Prometheus. It reloads its configuration and its rules while it runs. */
export function prometheus(part: Part, args: PrometheusArgs): void {
  const { config } = args;
  const account = serviceAccount(part, name, { clusterRules });
  const files = liveFiles(part, "prometheus-config", {
    data: { "prometheus.yml": yaml(args.file) },
    workload: name,
  });
  const rules = liveFiles(part, "prometheus-rules", { data: args.rules, workload: name });
  const certificates = certificateSecrets(args.controlPlane);
  serverSet(part, {
    name,
    port,
    replicas: config.replicas,
    storage: config.storage,
    storageClass: args.storageClass,
    account,
    containers: [container(args, certificates)],
    volumes: [
      { name: "config", configMap: { name: files } },
      { name: "rules", configMap: { name: rules } },
      // A missing certificate makes only its own job fail.
      ...certificates.map((secretName) => ({
        name: `certificates-${secretName}`,
        secret: { secretName, optional: true },
      })),
    ],
    // Time to write out the samples of the last hours.
    spec: { terminationGracePeriodSeconds: 300 },
    network: network(args),
  });
}

function container({ config, url }: PrometheusArgs, certificates: string[]): PartContainer {
  const web = (path: string) => ({ httpGet: { path, port: "web" } });
  return {
    name,
    image: "prometheus",
    args: [
      `--config.file=${configFolder}/prometheus.yml`,
      // Compares a checksum of the file and the rules; it needs no sidecar and no open /-/reload.
      "--config.auto-reload",
      "--config.auto-reload-interval=30s",
      "--storage.tsdb.path=/prometheus",
      ...(url === undefined ? [] : [`--web.external-url=${url}`]),
    ],
    env: [{ name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }],
    ports: [{ name: "web", containerPort: port }],
    // 15 minutes to replay the write-ahead log of the last hours on a large server.
    startupProbe: { ...web("/-/ready"), periodSeconds: 10, failureThreshold: 90 },
    livenessProbe: { ...web("/-/healthy"), periodSeconds: 10, failureThreshold: 6 },
    readinessProbe: { ...web("/-/ready"), periodSeconds: 5, failureThreshold: 3 },
    resources: config.resources,
    volumeMounts: [
      { name: dataVolume, mountPath: "/prometheus" },
      { name: "config", mountPath: configFolder, readOnly: true },
      { name: "rules", mountPath: rulesFolder, readOnly: true },
      ...certificates.map((secretName) => ({
        name: `certificates-${secretName}`,
        mountPath: `${certificateFolder}/${secretName}`,
        readOnly: true,
      })),
    ],
  };
}
