import * as pulumi from "@pulumi/pulumi";
import { pageHosts, type AlertRoutes, type MonitoringConfig, type PageHosts } from "../../config";
import type { GatewayAddress } from "../shared/gateway-api";
import { platformNamespace } from "../shared/namespace";
import type { PlacementRules } from "../shared/placement";
import { webRoute } from "../shared/web-route";
import { alertmanager, alertmanagerPort } from "./alertmanager";
import { dataSources, type DataSource } from "./grafana-config";
import { grafana, grafanaPort } from "./grafana";
import { kubeStateMetrics } from "./kube-state-metrics";
import { nodeExporter } from "./node-exporter";
import { prometheus, prometheusPort } from "./prometheus";
import { prometheusFile } from "./prometheus-config";
import { retentionSize } from "./sizing";
import { podAddresses } from "./stateful";

export { monitoringArgs } from "./watched";

/** Arguments of {@link Monitoring}. */
export interface MonitoringArgs extends Omit<
  MonitoringConfig,
  "alertRoutes" | "objective" | "runbooks"
> {
  /** Environment that every alert names, and whose Gateway serves the pages. */
  environment: string;
  /** Domain of the pages that the config names no host for. */
  domain: string;
  /** How clients reach the gateway. */
  scheme: "http" | "https";
  gateway: pulumi.Input<GatewayAddress>;
  /** Prometheus' rule files: their content by their name. */
  rules: Record<string, string>;
  /** Who is told about which team's alerts. */
  routes: AlertRoutes;
  /** Grafana's dashboards: their JSON model by the name of the file, for example `cluster.json`. */
  dashboards: Record<string, object>;
  /** What Grafana can ask beside Prometheus and Alertmanager: logs, traces. */
  dataSources?: DataSource[];
  /** Prefix of an internal image mirror. */
  imageMirror?: string;
  /** Where the pods run, and how urgent they are. */
  placement?: PlacementRules;
}

/** Namespace of everything but node-exporter. */
const monitoringNamespace = "monitoring";
/** Namespace of node-exporter, which uses its machine's network, processes and files; nothing else may there. */
const nodeNamespace = "monitoring-nodes";

/** Prometheus, Alertmanager and Grafana, and the exporters of the cluster's own state. */
export class Monitoring extends pulumi.ComponentResource {
  /** Namespace whose pods ask others for their metrics. */
  readonly namespace: pulumi.Output<string>;
  /** Address of Prometheus within the cluster. */
  readonly prometheus: pulumi.Output<string>;
  /** Secret with Grafana's `admin-password`. */
  readonly grafanaSecret: pulumi.Output<string>;

  constructor(name: string, args: MonitoringArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:monitoring:Monitoring", name, {}, opts);
    const { environment, storageClass, imageMirror, placement } = args;
    const urls = pageUrls(args);
    const namespace = platformNamespace(monitoringNamespace, this, environment);
    const nodes = platformNamespace(nodeNamespace, this, environment, "privileged");
    const common = { namespace, storageClass, imageMirror, placement };

    kubeStateMetrics({ ...common, ...args.kubeStateMetrics }, this);
    nodeExporter({ ...args.nodeExporter, namespace: nodes, imageMirror, placement }, this);
    const { routes, rules, controlPlane } = args;
    const alerts = alertmanager(
      {
        ...common,
        config: args.alertmanager,
        namespaceName: monitoringNamespace,
        routes,
        url: urls.alertmanager,
      },
      this,
    );
    const file = configFile(args);
    const server = prometheus(
      { ...common, config: args.prometheus, file, rules, controlPlane, url: urls.prometheus },
      this,
    );
    const page = grafana(
      {
        ...common,
        config: args.grafana,
        dashboards: args.dashboards,
        dataSources: [...ownSources(args), ...(args.dataSources ?? [])],
        url: urls.grafana,
      },
      this,
    );
    this.pages(args, namespace, {
      grafana: { service: page.service, port: grafanaPort },
      prometheus: { service: server.service, port: prometheusPort },
      alertmanager: { service: alerts.service, port: alertmanagerPort },
    });

    this.namespace = namespace;
    this.prometheus = server.service.apply((service) => serviceUrl(service, prometheusPort));
    this.grafanaSecret = page.adminSecret;
    this.registerOutputs({ namespace, prometheus: this.prometheus });
  }

  /** Routes to the pages that have a host. */
  private pages(
    args: MonitoringArgs,
    namespace: pulumi.Output<string>,
    backends: Record<keyof PageHosts, { service: pulumi.Output<string>; port: number }>,
  ): void {
    const { gateway } = args;
    const hosts = pageHosts(args, args.domain);
    for (const page of Object.keys(backends) as (keyof PageHosts)[]) {
      const host = hosts[page];
      if (host !== undefined) webRoute(page, { namespace, host, gateway, ...backends[page] }, this);
    }
  }
}

type Urls = { grafana: string; prometheus?: string; alertmanager?: string };

function pageUrls(args: MonitoringArgs): Urls {
  const entries = Object.entries(pageHosts(args, args.domain));
  return Object.fromEntries(
    entries.map(([page, host]) => [page, `${args.scheme}://${host}/`]),
  ) as Urls;
}

function serviceUrl(service: string, port: number): string {
  return `http://${service}.${monitoringNamespace}.svc:${port}`;
}

function configFile({ prometheus: config, alertmanager: alerts, ...args }: MonitoringArgs) {
  return prometheusFile({
    environment: args.environment,
    scrapeInterval: config.scrapeInterval,
    appSampleLimit: config.appSampleLimit,
    controlPlane: args.controlPlane,
    retention: { time: config.retention, size: retentionSize(config.storage) },
    namespace: monitoringNamespace,
    nodeNamespace,
    ruleFiles: Object.keys(args.rules).sort(),
    alertmanagers: podAddresses("alertmanager", {
      namespace: monitoringNamespace,
      replicas: alerts.replicas,
      port: alertmanagerPort,
    }),
  });
}

function ownSources({ prometheus: { scrapeInterval } }: MonitoringArgs): DataSource[] {
  return dataSources({
    prometheus: serviceUrl("prometheus", prometheusPort),
    alertmanager: serviceUrl("alertmanager", alertmanagerPort),
    scrapeInterval,
  });
}
