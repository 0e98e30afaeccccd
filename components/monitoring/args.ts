import type { AlertRoutes, MonitoringConfig } from "../../config";
import type { PlatformContext } from "../shared/context";
import type { GatewayAddress } from "../shared/gateway-api";
import type { DataSource } from "./grafana-config";

/** Arguments of the component Monitoring. */
export interface MonitoringArgs extends Omit<
  MonitoringConfig,
  "alertRoutes" | "objective" | "runbooks"
> {
  /** Context of the stack. Every alert has its environment as a label, and its Gateway serves the web UIs. */
  context: PlatformContext;
  /** Domain of the web UIs for which the config has no host. */
  domain: string;
  /** How clients reach the gateway. */
  scheme: "http" | "https";
  /** Gateway that the routes attach to. */
  gateway: GatewayAddress;
  /** Prometheus rule files: their content by file name. */
  rules: Record<string, string>;
  /** Routes of alerts: receivers by team. */
  routes: AlertRoutes;
  /** Grafana dashboards: their JSON model by file name, for example `cluster.json`. */
  dashboards: Record<string, object>;
  /** Namespaces of teams, whose pods count as apps. */
  teamNamespaces: readonly string[];
  /** Namespace of KEDA, which queries Prometheus. Default: `autoscaling`. */
  scaler?: string;
  /** Data sources of Grafana in addition to Prometheus and Alertmanager: logs, traces. Default: none. */
  dataSources?: DataSource[];
}
