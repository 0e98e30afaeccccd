import type { AlertRoutes, MonitoringConfig } from "../../config";
import type { PlatformContext } from "../shared/context";
import type { GatewayAddress } from "../shared/gateway-api";
import type { DataSource } from "./grafana-config";

/** Arguments of the component Monitoring. */
export interface MonitoringArgs extends Omit<
  MonitoringConfig,
  "alertRoutes" | "objective" | "runbooks"
> {
  /** Its environment is named by every alert, and its Gateway serves the pages. */
  context: PlatformContext;
  /** Domain of the pages that the config names no host for. */
  domain: string;
  /** How clients reach the gateway. */
  scheme: "http" | "https";
  gateway: GatewayAddress;
  /** Prometheus' rule files: their content by their name. */
  rules: Record<string, string>;
  /** Who is told about which team's alerts. */
  routes: AlertRoutes;
  /** Grafana's dashboards: their JSON model by the name of the file, for example `cluster.json`. */
  dashboards: Record<string, object>;
  /** What Grafana can ask beside Prometheus and Alertmanager: logs, traces. */
  dataSources?: DataSource[];
}
