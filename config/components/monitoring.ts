import { z } from "zod";
import { blockStorageClass } from "../storage-class";
import { resources } from "../resources";
import { bytes, durationFrom, host } from "../values";
import { alertRoutes } from "./alert-routes";
import { controlPlane } from "./control-plane";

/** Host of a web UI, or false for a web UI that is not served outside the cluster. */
const page = z.union([host, z.literal(false)], {
  error: "a host name in lower case, or false",
});

/** Time span of the smallest block that Prometheus writes, and deletes as a whole. */
const shortestBlock = "2h";

/** How often Alertmanager repeats a notification, unless it still knows when it sent the last one. */
const repeatInterval = "12h";

const small = {
  requests: { cpu: "50m", memory: "64Mi" },
  limits: { cpu: "500m", memory: "256Mi" },
};

/** Prometheus, Alertmanager, Grafana and the exporters for the state of the cluster. */
export const monitoring = z.strictObject({
  /** StorageClass of block devices for all volumes, never NFS. Default: the cluster's default class. */
  storageClass: blockStorageClass.optional(),
  /** Hosts of the web UIs. Prometheus and Alertmanager have no login. */
  pages: z
    .strictObject({
      /** Host of Grafana. Default: `grafana.<stack domain>`. */
      grafana: host.optional(),
      /** Host of Prometheus, or false to serve it only inside the cluster. Default: `prometheus.<stack domain>`. */
      prometheus: page.optional(),
      /**
       * Host of Alertmanager, or false to serve it only inside the cluster. Default: `alertmanager.<stack domain>`.
       */
      alertmanager: page.optional(),
    })
    .prefault({}),
  /** Prometheus, which scrapes and stores the metrics, and evaluates the alerts. */
  prometheus: z
    .strictObject({
      /** Number of pods. Each scrapes all targets itself. */
      replicas: z.int().min(1).max(4).default(1),
      /** Time between two scrapes of a target. At least 1s. */
      scrapeInterval: durationFrom("1s").prefault("30s"),
      /** How long samples are kept. If the volume is full, they are deleted earlier. At least 2h. */
      retention: durationFrom(shortestBlock).prefault("15d"),
      /** Volume of each pod. One sample takes about 2 bytes. */
      storage: bytes.default("20Gi"),
      /**
       * Maximum number of samples in one scrape of an app's pod. If there are more, the whole scrape is
       * refused.
       */
      appSampleLimit: z.int().min(100).default(5000),
      /** Needs about 4 KiB of memory for each series of the last hours. */
      resources: resources.default({
        requests: { cpu: "200m", memory: "512Mi" },
        limits: { cpu: "2", memory: "2Gi" },
      }),
    })
    .prefault({}),
  /** Alertmanager, which groups alerts, silences them and sends them to their receivers. */
  alertmanager: z
    .strictObject({
      /**
       * Number of pods, which share silences and the log of sent notifications. Two are sufficient; three
       * survive a drain and a failure at the same time.
       */
      replicas: z.int().min(1).max(5).default(1),
      /**
       * How long silences and the log of sent notifications are kept. At least 12h, after which notifications
       * are repeated.
       */
      retention: durationFrom(repeatInterval).prefault("120h"),
      /** Volume of each pod, for silences and the log of notifications. */
      storage: bytes.default("1Gi"),
      resources: resources.default(small),
    })
    .prefault({}),
  /** Grafana, the web UI with the dashboards. */
  grafana: z
    .strictObject({
      /** Volume of its users and settings. */
      storage: bytes.default("2Gi"),
      resources: resources.default({
        requests: { cpu: "100m", memory: "256Mi" },
        limits: { cpu: "1", memory: "1Gi" },
      }),
    })
    .prefault({}),
  /** kube-state-metrics, which counts the objects of the cluster and their states. */
  kubeStateMetrics: z
    .strictObject({
      /** Needs about 4 KiB of memory for each object in the cluster. */
      resources: resources.default(small),
    })
    .prefault({}),
  /** node-exporter, which measures each node. */
  nodeExporter: z.strictObject({ resources: resources.default(small) }).prefault({}),
  controlPlane: controlPlane.prefault({}),
  /** Receivers of alerts, by team. */
  alertRoutes: alertRoutes.prefault({}),
  /** Share of each app's requests that must not end with a server error, over 30 days. */
  objective: z.number().min(0.9).max(0.9999).default(0.999),
  /** Folder of the runbooks, as a URL or in this project. Every alert links to `<runbooks>/<alert>.md`. */
  runbooks: z.string().min(1).default("docs/runbooks"),
});

/** @see {@link monitoring} */
export type MonitoringConfig = z.infer<typeof monitoring>;
/** Hosts of the web UIs that are served. */
export interface PageHosts {
  grafana: string;
  prometheus?: string;
  alertmanager?: string;
}

/** Returns the hosts of the web UIs under a stack's domain. */
export function pageHosts({ pages }: Pick<MonitoringConfig, "pages">, domain: string): PageHosts {
  const served = (page: "prometheus" | "alertmanager") =>
    pages[page] === false ? {} : { [page]: pages[page] ?? `${page}.${domain}` };
  return {
    grafana: pages.grafana ?? `grafana.${domain}`,
    ...served("prometheus"),
    ...served("alertmanager"),
  };
}
