import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { BlockStorageClass, MonitoringConfig } from "../../config";
import { immutableConfigMap } from "../shared/config-map";
import { imageReference, images } from "../shared/images";
import { objectLabels, selectorLabels } from "../shared/labels";
import { platformPlacement, type PlacementRules } from "../shared/placement";
import {
  containerSecurityContext,
  ownsLargeVolumes,
  scraped,
  withoutApiAccess,
} from "../shared/pods";
import { secret } from "../shared/secret";
import { declareService } from "../shared/service";
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
  namespace: pulumi.Input<string>;
  config: MonitoringConfig["grafana"];
  /** Block storage: Grafana's SQLite file locks itself on NFS. */
  storageClass?: BlockStorageClass;
  dataSources: DataSource[];
  /** Dashboards as Grafana's JSON model, by the names of their files. */
  dashboards: Record<string, object>;
  /** URL of its page. */
  url: string;
  imageMirror?: string;
  placement?: PlacementRules;
}

/** Where Grafana answers, and where its administrator's password is. */
export interface DeclaredGrafana {
  service: pulumi.Output<string>;
  /** Secret of Grafana's namespace; its key `admin-password` is the one of the user `admin`. */
  adminSecret: pulumi.Output<string>;
}

/** Port of Grafana's page and metrics. */
export const grafanaPort = 3000;

const name = "grafana";
const labels = objectLabels(name, "monitoring");
const selector = selectorLabels(name);
const secretsFolder = "/etc/grafana/secrets";

/** Grafana: all it shows is declared; only people's own settings are on its volume. */
export function grafana(args: GrafanaArgs, parent: pulumi.Resource): DeclaredGrafana {
  const { namespace } = args;
  const password = (key: string) =>
    new random.RandomPassword(`grafana-${key}`, { length: 32, special: false }, { parent }).result;
  const data = {
    "admin-password": password("admin-password"),
    "secret-key": password("secret-key"),
  };
  const secrets = secret(name, { namespace, labels, data }, parent);
  const provisioning = immutableConfigMap(
    "grafana-provisioning",
    {
      namespace,
      labels,
      data: {
        "datasources.yaml": yaml(dataSourcesFile(args.dataSources)),
        "dashboards.yaml": yaml(dashboardProviders()),
      },
    },
    parent,
  );
  const dashboards = Object.entries(args.dashboards).map(([file, model]) =>
    // One each: a ConfigMap holds 1 MiB.
    liveFiles(
      `grafana-dashboard-${file.replace(/\.json$/, "")}`,
      { namespace, labels, data: { [file]: JSON.stringify(model) } },
      parent,
    ),
  );
  const claim = volumeClaim(args, parent);
  const annotations = {
    ...scraped(grafanaPort),
    ...secrets.podAnnotations,
  };
  new k8s.apps.v1.Deployment(
    name,
    {
      metadata: { name, namespace, labels },
      spec: {
        replicas: 1,
        // The volume is one pod's at a time, and so is the SQLite file on it.
        strategy: { type: "Recreate" },
        selector: { matchLabels: selector },
        template: {
          metadata: { labels: { ...labels, ...selector }, annotations },
          spec: podSpec(args, {
            secrets: secrets.name,
            provisioning: provisioning.name,
            dashboards,
            claim: claim.metadata.name,
          }),
        },
      },
    },
    { parent, dependsOn: [provisioning.configMap] },
  );
  const service = declareService(
    name,
    {
      metadata: { name, namespace, labels },
      spec: { selector, ports: [{ name: "web", port: grafanaPort, targetPort: "web" }] },
    },
    { parent },
  );
  return { service: service.metadata.name, adminSecret: secrets.name };
}

function volumeClaim(
  { namespace, config, storageClass }: GrafanaArgs,
  parent: pulumi.Resource,
): k8s.core.v1.PersistentVolumeClaim {
  return new k8s.core.v1.PersistentVolumeClaim(
    name,
    {
      metadata: {
        name,
        namespace,
        labels,
        // A class may bind a volume only when a pod needs it, and the pod comes after it.
        annotations: { "pulumi.com/skipAwait": "true" },
      },
      spec: {
        accessModes: ["ReadWriteOnce"],
        ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
        resources: { requests: { storage: config.storage } },
      },
    },
    { parent },
  );
}

interface Names {
  secrets: pulumi.Output<string>;
  provisioning: string;
  dashboards: pulumi.Output<string>[];
  claim: pulumi.Output<string>;
}

function podSpec(
  args: GrafanaArgs,
  { secrets, provisioning, dashboards, claim }: Names,
): k8s.types.input.core.v1.PodSpec {
  const item = (folder: string) => ({
    key: `${folder}.yaml`,
    path: `${folder}/${folder}.yaml`,
  });
  const sources = dashboards.map((configMap) => ({ configMap: { name: configMap } }));
  return {
    ...withoutApiAccess,
    securityContext: ownsLargeVolumes(472),
    ...platformPlacement(args.placement),
    containers: [container(args)],
    volumes: [
      { name: "data", persistentVolumeClaim: { claimName: claim } },
      { name: "tmp", emptyDir: {} },
      { name: "secrets", secret: { secretName: secrets } },
      {
        name: "provisioning",
        configMap: { name: provisioning, items: [item("datasources"), item("dashboards")] },
      },
      {
        name: "dashboards",
        ...(sources.length === 0 ? { emptyDir: {} } : { projected: { sources } }),
      },
    ],
  };
}

function container({ config, url, imageMirror }: GrafanaArgs): k8s.types.input.core.v1.Container {
  const probe = { httpGet: { path: "/api/health", port: "web" } };
  return {
    name,
    image: imageReference(images.grafana, imageMirror),
    env: Object.entries(grafanaSettings(url, secretsFolder)).map(([setting, value]) => ({
      name: setting,
      value,
    })),
    ports: [{ name: "web", containerPort: grafanaPort }],
    // A new version changes its database at the first start, which may take minutes.
    startupProbe: { ...probe, periodSeconds: 5, failureThreshold: 60 },
    livenessProbe: { ...probe, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 },
    readinessProbe: { ...probe, periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 3 },
    resources: config.resources,
    securityContext: { ...containerSecurityContext, readOnlyRootFilesystem: true },
    volumeMounts: [
      { name: "data", mountPath: "/var/lib/grafana" },
      { name: "tmp", mountPath: "/tmp" },
      { name: "secrets", mountPath: secretsFolder, readOnly: true },
      { name: "provisioning", mountPath: "/etc/grafana/provisioning", readOnly: true },
      { name: "dashboards", mountPath: dashboardFolder, readOnly: true },
    ],
  };
}
