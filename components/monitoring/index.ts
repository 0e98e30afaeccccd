import * as pulumi from "@pulumi/pulumi";
import { pageHosts, type PageHosts } from "../../config";
import { declarePart, type Part } from "../shared/context";
import { closeNamespace } from "../shared/network-policy";
import { webRoute } from "../shared/web-route";
import { alertmanager, alertmanagerPort } from "./alertmanager";
import type { MonitoringArgs } from "./args";
import { dataSources, type DataSource } from "./grafana-config";
import { grafana, grafanaPort } from "./grafana";
import { kubeStateMetrics } from "./kube-state-metrics";
import { nodeExporter } from "./node-exporter";
import { prometheus, prometheusPort } from "./prometheus";
import { prometheusFile } from "./prometheus-config";
import { retentionSize } from "./sizing";
import { podAddresses } from "./stateful";

export type { MonitoringArgs } from "./args";
export { monitoringArgs } from "./from-config";

/** Namespace of everything but node-exporter. */
const monitoringNamespace = "monitoring";
/**
 * Namespace of node-exporter, which uses the network, processes and files of its node; nothing else in the component
 * may.
 */
const nodeNamespace = "monitoring-nodes";

/** Prometheus, Alertmanager and Grafana, and the exporters of the cluster's own state. */
export class Monitoring extends pulumi.ComponentResource {
  /** Namespace of the pods that scrape metrics. */
  readonly namespace: pulumi.Output<string>;
  /** URL of Prometheus inside the cluster. */
  readonly prometheus: string;

  constructor(name: string, args: MonitoringArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:monitoring:Monitoring", name, {}, opts);
    const { context, storageClass, routes, rules, controlPlane } = args;
    const urls = pageUrls(args);
    const part = declarePart("monitoring", { context, namespace: monitoringNamespace }, this);
    const { namespace } = part;
    const nodes = declarePart(
      "monitoring",
      { context, namespace: nodeNamespace, podSecurity: "privileged" },
      this,
    );

    kubeStateMetrics(part, args.kubeStateMetrics);
    nodeExporter(nodes, args.nodeExporter);
    alertmanager(part, {
      storageClass,
      config: args.alertmanager,
      namespaceName: monitoringNamespace,
      routes,
      url: urls.alertmanager,
    });
    const file = configFile(args);
    prometheus(part, {
      storageClass,
      config: args.prometheus,
      file,
      rules,
      controlPlane,
      url: urls.prometheus,
      scaler: args.scaler,
    });
    grafana(part, {
      storageClass,
      config: args.grafana,
      dashboards: args.dashboards,
      dataSources: [...ownSources(args), ...(args.dataSources ?? [])],
      url: urls.grafana,
    });
    closeNamespace(part, monitoringNamespace);
    closeNamespace(nodes, nodeNamespace);
    this.pages(args, part, {
      grafana: grafanaPort,
      prometheus: prometheusPort,
      alertmanager: alertmanagerPort,
    });

    this.namespace = namespace;
    this.prometheus = serviceUrl("prometheus", prometheusPort);
    this.registerOutputs({ namespace, prometheus: this.prometheus });
  }

  /** Declares routes to the web UIs that have a host. */
  private pages(args: MonitoringArgs, part: Part, ports: Record<keyof PageHosts, number>): void {
    const { gateway } = args;
    const hosts = pageHosts(args, args.domain);
    for (const page of Object.keys(ports) as (keyof PageHosts)[]) {
      const host = hosts[page];
      if (host === undefined) continue;
      webRoute(part, page, { host, gateway, service: page, port: ports[page] });
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
    environment: args.context.environment,
    scrapeInterval: config.scrapeInterval,
    appSampleLimit: config.appSampleLimit,
    teamNamespaces: args.teamNamespaces,
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
