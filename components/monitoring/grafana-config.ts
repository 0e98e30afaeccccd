import { dataSourceUid } from "./dashboards/build";

/** A source that dashboards may ask, as Grafana's provisioning reads it. */
export interface DataSource {
  /** Fixed, because dashboards name it. */
  uid: string;
  name: string;
  /** Kind of source, for example `prometheus`, `loki`, `tempo` or `elasticsearch`. */
  type: string;
  url: string;
  isDefault: boolean;
  jsonData: Record<string, string | number | boolean>;
}

/** Folder of the dashboards, as the container sees it. */
export const dashboardFolder = "/var/lib/grafana-dashboards";

/** Addresses of what Grafana reads, and how fine the samples are. */
export interface DataSourceArgs {
  prometheus: string;
  alertmanager: string;
  /** Seconds between two samples: the shortest step that a graph may have. */
  scrapeInterval: number;
}

/** The sources of this component. */
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

/** `datasources.yaml` of Grafana's provisioning. */
export function dataSourcesFile(sources: DataSource[]): object {
  return {
    apiVersion: 1,
    // A source that the program no longer declares goes, too.
    prune: true,
    datasources: sources.map((source) => ({
      ...source,
      access: "proxy",
      orgId: 1,
      editable: false,
    })),
  };
}

/** `dashboards.yaml` of Grafana's provisioning: one provider that reads the folder again and again. */
export function dashboardProviders(): object {
  return {
    apiVersion: 1,
    providers: [
      {
        name: "platform",
        orgId: 1,
        folder: "Platform",
        type: "file",
        // What is saved in the browser would be gone with the next update.
        allowUiUpdates: false,
        disableDeletion: false,
        updateIntervalSeconds: 30,
        options: { path: dashboardFolder },
      },
    ],
  };
}

/** Grafana's settings, as the environment variables that stand for its ini file. */
export function grafanaSettings(url: string, secrets: string): Record<string, string> {
  return {
    GF_SERVER_ROOT_URL: url,
    GF_SECURITY_ADMIN_USER: "admin",
    GF_SECURITY_ADMIN_PASSWORD__FILE: `${secrets}/admin-password`,
    // Signs cookies and encrypts what Grafana stores; its default is known to everybody.
    GF_SECURITY_SECRET_KEY__FILE: `${secrets}/secret-key`,
    GF_SECURITY_COOKIE_SECURE: String(url.startsWith("https:")),
    GF_USERS_ALLOW_SIGN_UP: "false",
    GF_AUTH_ANONYMOUS_ENABLED: "false",
    GF_ANALYTICS_REPORTING_ENABLED: "false",
    GF_ANALYTICS_CHECK_FOR_UPDATES: "false",
    GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: "false",
    // They would be fetched from the internet at every start.
    GF_PLUGINS_PREINSTALL_DISABLED: "true",
    GF_UNIFIED_STORAGE_INDEX_PATH: "/var/lib/grafana/search",
    GF_LOG_MODE: "console",
  };
}
