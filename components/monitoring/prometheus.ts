import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { BlockStorageClass, MonitoringConfig } from "../../config";
import { disruptionBudget } from "../shared/budget";
import { imageReference, images } from "../shared/images";
import { objectLabels, selectorLabels } from "../shared/labels";
import { platformPlacement, type PlacementRules } from "../shared/placement";
import { containerSecurityContext, spread } from "../shared/pods";
import { serviceAccount, type Rule } from "../shared/service-account";
import { certificateFolder, certificateSecrets } from "./control-plane";
import { liveFiles } from "./files";
import { prometheusFile, rulesFolder, yaml } from "./prometheus-config";
import { dataVolume, serverServices, serverSecurityContext, statefulSet } from "./stateful";

/** Arguments of {@link prometheus}. */
export interface PrometheusArgs {
  namespace: pulumi.Input<string>;
  config: MonitoringConfig["prometheus"];
  storageClass?: BlockStorageClass;
  /** Content of prometheus.yml. */
  file: ReturnType<typeof prometheusFile>;
  /** Rule files by name. */
  rules: Record<string, string>;
  controlPlane: MonitoringConfig["controlPlane"];
  /** URL of its page, for the links in alerts. */
  url?: string;
  imageMirror?: string;
  placement?: PlacementRules;
}

/** Port of the page, the API and the metrics. */
export const prometheusPort = 9090;

const name = "prometheus";
const labels = objectLabels(name, "monitoring");
const configFolder = "/etc/prometheus/config";
const read = ["get", "list", "watch"];

/** Finding targets in the whole cluster, and reading the metrics of its own servers. */
const clusterRules: Rule[] = [
  { apiGroups: [""], resources: ["nodes", "pods", "services"], verbs: read },
  { apiGroups: [""], resources: ["nodes/metrics"], verbs: ["get"] },
  { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: read },
  { nonResourceURLs: ["/metrics", "/metrics/cadvisor"], verbs: ["get"] },
];

/** Prometheus; its configuration and its rules are read anew while it runs. */
export function prometheus(
  args: PrometheusArgs,
  parent: pulumi.Resource,
): { service: pulumi.Output<string> } {
  const { namespace, config } = args;
  const account = serviceAccount(name, { namespace, labels, clusterRules }, parent);
  const files = liveFiles(
    "prometheus-config",
    { namespace, labels, data: { "prometheus.yml": yaml(args.file) } },
    parent,
  );
  const rules = liveFiles("prometheus-rules", { namespace, labels, data: args.rules }, parent);
  const { service, pods } = serverServices({ name, namespace, port: prometheusPort }, [], parent);
  statefulSet(
    {
      name,
      namespace,
      port: prometheusPort,
      replicas: config.replicas,
      storage: config.storage,
      storageClass: args.storageClass,
      pod: podSpec(args, { account, files, rules }),
    },
    parent,
    [pods],
  );
  if (config.replicas > 1) {
    disruptionBudget(name, { namespace, labels }, selectorLabels(name), parent);
  }
  return { service: service.metadata.name };
}

interface Names {
  account: pulumi.Output<string>;
  files: pulumi.Output<string>;
  rules: pulumi.Output<string>;
}

function podSpec(
  args: PrometheusArgs,
  { account, files, rules }: Names,
): k8s.types.input.core.v1.PodSpec {
  const certificates = certificateSecrets(args.controlPlane);
  return {
    serviceAccountName: account,
    enableServiceLinks: false,
    securityContext: serverSecurityContext,
    // The samples of the last hours are written out at the end.
    terminationGracePeriodSeconds: 300,
    ...spread(selectorLabels(name)),
    ...platformPlacement(args.placement),
    containers: [container(args, certificates)],
    volumes: [
      { name: "config", configMap: { name: files } },
      { name: "rules", configMap: { name: rules } },
      // A certificate that is missing ends its own job, not all of Prometheus.
      ...certificates.map((secretName) => ({
        name: `certificates-${secretName}`,
        secret: { secretName, optional: true },
      })),
    ],
  };
}

function container(
  { config, url, imageMirror }: PrometheusArgs,
  certificates: string[],
): k8s.types.input.core.v1.Container {
  const web = (path: string) => ({ httpGet: { path, port: "web" } });
  return {
    name,
    image: imageReference(images.prometheus, imageMirror),
    args: [
      `--config.file=${configFolder}/prometheus.yml`,
      // A sum of the file and the rules is compared; no sidecar, no open /-/reload.
      "--config.auto-reload",
      "--config.auto-reload-interval=30s",
      "--storage.tsdb.path=/prometheus",
      ...(url === undefined ? [] : [`--web.external-url=${url}`]),
    ],
    env: [{ name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }],
    ports: [{ name: "web", containerPort: prometheusPort }],
    // A quarter of an hour for the log of the last hours, which a big server reads at its start.
    startupProbe: { ...web("/-/ready"), periodSeconds: 10, failureThreshold: 90 },
    livenessProbe: { ...web("/-/healthy"), periodSeconds: 10, failureThreshold: 6 },
    readinessProbe: { ...web("/-/ready"), periodSeconds: 5, failureThreshold: 3 },
    resources: config.resources,
    securityContext: { ...containerSecurityContext, readOnlyRootFilesystem: true },
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
