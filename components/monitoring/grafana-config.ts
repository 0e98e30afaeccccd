import { dataSourceUid } from "./dashboards/build";

/** A data source in the format of Grafana's provisioning. */
export interface DataSource {
  /** Fixed, because dashboards refer to it. */
  uid: string;
  name: string;
  /** Type of the source, for example `prometheus`, `loki`, `tempo` or `elasticsearch`. */
  type: string;
  url: string;
  isDefault: boolean;
  jsonData: Record<string, string | number | boolean>;
}

/** Folder of the dashboards in the container. */
export const dashboardFolder = "/var/lib/grafana-dashboards";

/** Arguments of {@link dataSources}. */
export interface DataSourceArgs {
  /** URL of Prometheus. */
  prometheus: string;
  /** URL of Alertmanager. */
  alertmanager: string;
  /** Seconds between two samples: the smallest step of a graph. */
  scrapeInterval: number;
}

/** Returns the data sources of this component. */
export function dataSources(args: DataSourceArgs): DataSource[] {
  return [
    {
      uid: dataSourceUid,
      name: "Prometheus",
      type: "prometheus",
      url: args.prometheus,
      isDefault: true,
      jsonData: { httpMethod: "POST", timeInterval: `${args.scrapeInterval}s` },
    },
    {
      uid: "alertmanager",
      name: "Alertmanager",
      type: "alertmanager",
      url: args.alertmanager,
      isDefault: false,
      jsonData: { implementation: "prometheus", handleGrafanaManagedAlerts: false },
    },
  ];
}

/** Returns `datasources.yaml` of Grafana's provisioning. */
export function dataSourcesFile(sources: DataSource[]): object {
  return {
    apiVersion: 1,
    // Deletes a source that the program no longer declares.
    prune: true,
    datasources: sources.map((source) => ({
      ...source,
      access: "proxy",
      orgId: 1,
      editable: false,
    })),
  };
}

/** Returns `dashboards.yaml` of Grafana's provisioning: one provider that rereads the folder periodically. */
export function dashboardProviders(): object {
  return {
    apiVersion: 1,
    providers: [
      {
        name: "platform",
        orgId: 1,
        folder: "Platform",
        type: "file",
        // Changes that are saved in the browser would be lost with the next update.
        allowUiUpdates: false,
        disableDeletion: false,
        updateIntervalSeconds: 30,
        options: { path: dashboardFolder },
      },
    ],
  };
}

/** Returns Grafana's settings, as environment variables that replace its ini file. */
export function grafanaSettings(url: string, secrets: string): Record<string, string> {
  return {
    GF_SERVER_ROOT_URL: url,
    GF_SECURITY_ADMIN_USER: "admin",
    GF_SECURITY_ADMIN_PASSWORD__FILE: `${secrets}/admin-password`,
    // Signs cookies and encrypts stored data; its default value is public.
    GF_SECURITY_SECRET_KEY__FILE: `${secrets}/secret-key`,
    GF_SECURITY_COOKIE_SECURE: String(url.startsWith("https:")),
    GF_USERS_ALLOW_SIGN_UP: "false",
    GF_AUTH_ANONYMOUS_ENABLED: "false",
    GF_ANALYTICS_REPORTING_ENABLED: "false",
    GF_ANALYTICS_CHECK_FOR_UPDATES: "false",
    GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: "false",
    // Grafana would download them from the internet at every start.
    GF_PLUGINS_PREINSTALL_DISABLED: "true",
    GF_UNIFIED_STORAGE_INDEX_PATH: "/var/lib/grafana/search",
    GF_LOG_MODE: "console",
  };
}
