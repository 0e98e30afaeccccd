import * as pulumi from "@pulumi/pulumi";
import { monitoringPrometheus, pageHosts, prometheusServer, type PageHosts } from "../../config";
import { declarePart, type Part } from "../shared/context";
import { closeNamespace } from "../shared/network-policy";
import { webRoute } from "../shared/web-route";
import { tempoSource } from "../tracing/data-source";
import { alertmanager, alertmanagerPort } from "./alertmanager";
import type { MonitoringArgs } from "./args";
import { dashboards } from "./dashboards";
import { dataSources, type DataSource } from "./grafana-config";
import { grafana, grafanaPort } from "./grafana";
import { kubeStateMetrics } from "./kube-state-metrics";
import { monitoredParts, ruleArgs } from "./monitored";
import { nodeExporter } from "./node-exporter";
import { prometheus } from "./prometheus";
import { prometheusFile } from "./prometheus-config";
import { ruleFiles } from "./rules";
import { retentionSize } from "./sizing";
import { podAddresses } from "./stateful";

export type { MonitoringArgs } from "./args";
export { otherParts } from "./monitored";

/** Namespace of everything but node-exporter. */
const monitoringNamespace = prometheusServer.namespace;
/**
 * Namespace of node-exporter, which uses the network, processes and files of its node; nothing else in the component
 * may.
 */
const nodeNamespace = "monitoring-nodes";

/**
 * Prometheus, Alertmanager and Grafana, and the exporters of the cluster's own state. Every alert has the context's
 * environment as a label.
 */
export class Monitoring extends pulumi.ComponentResource {
  /** Namespace of the pods that scrape metrics. */
  readonly namespace: pulumi.Output<string>;
  /** URL of Prometheus inside the cluster. */
  readonly prometheus: string;

  constructor(name: string, args: MonitoringArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:monitoring:Monitoring", name, {}, opts);
    const { context, config } = args;
    const { storageClass, alertRoutes: routes, controlPlane } = config;
    const rules = ruleFiles(ruleArgs(args));
    const urls = pageUrls(args);
    const part = declarePart("monitoring", { context, namespace: monitoringNamespace }, this);
    const { namespace } = part;
    const nodes = declarePart(
      "monitoring",
      { context, namespace: nodeNamespace, podSecurity: "privileged" },
      this,
    );

    kubeStateMetrics(part, config.kubeStateMetrics);
    nodeExporter(nodes, config.nodeExporter);
    alertmanager(part, {
      storageClass,
      config: config.alertmanager,
      namespaceName: monitoringNamespace,
      routes,
      url: urls.alertmanager,
    });
    const file = configFile(args, Object.keys(rules));
    prometheus(part, {
      storageClass,
      config: config.prometheus,
      file,
      rules,
      controlPlane,
      url: urls.prometheus,
      scaler: args.scaler,
    });
    grafana(part, {
      storageClass,
      config: config.grafana,
      dashboards: dashboards(monitoredParts(args)),
      dataSources: [...ownSources(args), ...(args.parts?.tracing ? [tempoSource] : [])],
      url: urls.grafana,
    });
    closeNamespace(part, monitoringNamespace);
    closeNamespace(nodes, nodeNamespace);
    this.pages(args, part, {
      grafana: grafanaPort,
      prometheus: prometheusServer.port,
      alertmanager: alertmanagerPort,
    });

    this.namespace = namespace;
    this.prometheus = monitoringPrometheus;
    this.registerOutputs({ namespace, prometheus: this.prometheus });
  }

  /** Declares routes to the web UIs that have a host. */
  private pages(args: MonitoringArgs, part: Part, ports: Record<keyof PageHosts, number>): void {
    const { config, domain, gateway } = args;
    const hosts = pageHosts(config, domain);
    for (const page of Object.keys(ports) as (keyof PageHosts)[]) {
      const host = hosts[page];
      if (host === undefined) continue;
      webRoute(part, page, { host, gateway, service: page, port: ports[page] });
    }
  }
}

type Urls = { grafana: string; prometheus?: string; alertmanager?: string };

function pageUrls({ config, domain, scheme }: MonitoringArgs): Urls {
  const entries = Object.entries(pageHosts(config, domain));
  return Object.fromEntries(entries.map(([page, host]) => [page, `${scheme}://${host}/`])) as Urls;
}

function serviceUrl(service: string, port: number): string {
  return `http://${service}.${monitoringNamespace}.svc:${port}`;
}

function configFile({ context, config, teamNamespaces }: MonitoringArgs, rules: string[]) {
  const { alertmanager: alerts, controlPlane, prometheus: server } = config;
  return prometheusFile({
    environment: context.environment,
    scrapeInterval: server.scrapeInterval,
    appSampleLimit: server.appSampleLimit,
    teamNamespaces,
    controlPlane,
    retention: { time: server.retention, size: retentionSize(server.storage) },
    namespace: monitoringNamespace,
    nodeNamespace,
    ruleFiles: [...rules].sort(),
    alertmanagers: podAddresses("alertmanager", {
      namespace: monitoringNamespace,
      replicas: alerts.replicas,
      port: alertmanagerPort,
    }),
  });
}

function ownSources({ config }: MonitoringArgs): DataSource[] {
  return dataSources({
    prometheus: monitoringPrometheus,
    alertmanager: serviceUrl("alertmanager", alertmanagerPort),
    scrapeInterval: config.prometheus.scrapeInterval,
  });
}
