import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { BlockStorageClass, MonitoringConfig } from "../../config";
import { immutableConfigMap } from "../shared/config-map";
import type { Part } from "../shared/context";
import { gatewayPods, podsIn } from "../shared/network-policy";
import { scratch, type PartContainer, type PodVolume } from "../shared/pod-template";
import { secret } from "../shared/secret";
import { deployment, metadataOf } from "../shared/workload";
import { liveFiles } from "./files";
import {
  dashboardFolder,
  dashboardProviders,
  dataSourcesFile,
  grafanaSettings,
  type DataSource,
} from "./grafana-config";
import { yaml } from "./prometheus-config";

/** Arguments of {@link grafana}. */
export interface GrafanaArgs {
  /** Settings of Grafana from the stack's config. */
  config: MonitoringConfig["grafana"];
  /**
   * Block storage class of its volume, because the locks of its SQLite file do not work on NFS. Default: the cluster's
   * default class.
   */
  storageClass?: BlockStorageClass;
  /** Data sources to provision. */
  dataSources: DataSource[];
  /** Dashboards as Grafana's JSON model, by file name. */
  dashboards: Record<string, object>;
  /** URL of the web UI. */
  url: string;
}

/** Port of Grafana's web UI and metrics. */
export const grafanaPort = 3000;

const name = "grafana";
const secretsFolder = "/etc/grafana/secrets";

/**
 * Declares Grafana. Everything it shows is declared; its volume contains only users' own settings. The key
 * `admin-password` of its Secret is the password of the user `admin`.
 */
export function grafana(part: Part, args: GrafanaArgs): void {
  const { parent } = part;
  const password = (key: string) =>
    new random.RandomPassword(`grafana-${key}`, { length: 32, special: false }, { parent }).result;
  const data = {
    "admin-password": password("admin-password"),
    "secret-key": password("secret-key"),
  };
  const secrets = secret(part, name, { data });
  const provisioning = immutableConfigMap(part, "grafana-provisioning", {
    data: {
      "datasources.yaml": yaml(dataSourcesFile(args.dataSources)),
      "dashboards.yaml": yaml(dashboardProviders()),
    },
    workload: name,
  });
  const dashboards = Object.entries(args.dashboards).map(([file, model]) =>
    // One ConfigMap each, because a ConfigMap holds at most 1 MiB. On lines of its own, so that a preview shows what
    // changes in a dashboard.
    liveFiles(part, `grafana-dashboard-${file.replace(/\.json$/, "")}`, {
      data: { [file]: JSON.stringify(model, undefined, 1) },
      workload: name,
    }),
  );
  const claim = volumeClaim(part, args);
  deployment(part, {
    name,
    replicas: 1,
    // The volume and its SQLite file belong to one pod at a time.
    rollout: "recreate",
    user: 472,
    ownsVolumes: "large",
    containers: [container(args)],
    volumes: volumes({
      secrets: secrets.name,
      provisioning: provisioning.name,
      dashboards,
      claim: claim.metadata.name,
    }),
    secrets: [secrets],
    metrics: { port: grafanaPort },
    service: { ports: { web: grafanaPort } },
    network: {
      ingress: [{ from: [gatewayPods], ports: [grafanaPort] }],
      egress: args.dataSources.map(({ url }) => sourceEgress(url)),
    },
    dependsOn: [provisioning.configMap],
  });
}

/** Network rule for a data source. Each is a Service with the name and the port of its pods. */
function sourceEgress(url: string) {
  const { hostname, port } = new URL(url);
  const [workload = "", namespace = ""] = hostname.split(".");
  return { to: [podsIn(namespace, workload)], ports: [Number(port)] };
}

function volumeClaim(
  part: Part,
  { config, storageClass }: GrafanaArgs,
): k8s.core.v1.PersistentVolumeClaim {
  return new k8s.core.v1.PersistentVolumeClaim(
    name,
    {
      metadata: {
        ...metadataOf(part, name),
        // A class may bind a volume only for a pod, and the pod is created afterwards.
        annotations: { "pulumi.com/skipAwait": "true" },
      },
      spec: {
        accessModes: ["ReadWriteOnce"],
        ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
        resources: { requests: { storage: config.storage } },
      },
    },
    { parent: part.parent },
  );
}

interface Names {
  secrets: pulumi.Output<string>;
  provisioning: string;
  dashboards: pulumi.Output<string>[];
  claim: pulumi.Output<string>;
}

function volumes({ secrets, provisioning, dashboards, claim }: Names): PodVolume[] {
  const item = (folder: string) => ({
    key: `${folder}.yaml`,
    path: `${folder}/${folder}.yaml`,
  });
  const sources = dashboards.map((configMap) => ({ configMap: { name: configMap } }));
  return [
    { name: "data", persistentVolumeClaim: { claimName: claim } },
    scratch("tmp", "256Mi"),
    { name: "secrets", secret: { secretName: secrets } },
    {
      name: "provisioning",
      configMap: { name: provisioning, items: [item("datasources"), item("dashboards")] },
    },
    sources.length === 0
      ? scratch("dashboards", "1Mi")
      : { name: "dashboards", projected: { sources } },
  ];
}

function container({ config, url }: GrafanaArgs): PartContainer {
  const probe = { httpGet: { path: "/api/health", port: "web" } };
  return {
    name,
    image: "grafana",
    env: Object.entries(grafanaSettings(url, secretsFolder)).map(([setting, value]) => ({
      name: setting,
      value,
    })),
    ports: [{ name: "web", containerPort: grafanaPort }],
    // A new version migrates its database at the first start, which may take minutes.
    startupProbe: { ...probe, periodSeconds: 5, failureThreshold: 60 },
    livenessProbe: { ...probe, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 },
    readinessProbe: { ...probe, periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 3 },
    resources: config.resources,
    volumeMounts: [
      { name: "data", mountPath: "/var/lib/grafana" },
      { name: "tmp", mountPath: "/tmp" },
      { name: "secrets", mountPath: secretsFolder, readOnly: true },
      { name: "provisioning", mountPath: "/etc/grafana/provisioning", readOnly: true },
      { name: "dashboards", mountPath: dashboardFolder, readOnly: true },
    ],
  };
}
