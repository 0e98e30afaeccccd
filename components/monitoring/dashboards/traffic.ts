import { serverErrors } from "../../../config/error-codes";
import { gatewayCertificateLeft } from "../rules/control-plane";
import { graph, stat, table, type Dashboard, type Panel } from "./build";

const app = 'namespace="$namespace",app="$app"';

/** The same panel for both releases, side by side. */
function sideBySide(panel: (role: string, title: string) => Panel): Panel[] {
  return [panel("stable", "Stable"), panel("canary", "Canary")];
}

/** One app: its stable release next to its canary. */
export const apps: Dashboard = {
  uid: "platform-app",
  title: "App",
  variables: [
    { name: "namespace", series: "app:requests:total", label: "namespace" },
    { name: "app", series: 'app:requests:total{namespace="$namespace"}', label: "app" },
  ],
  rows: [
    sideBySide((role, title) =>
      stat(
        `${title}: requests per second`,
        "reqps",
        `sum(app:requests:rate5m{${app},role="${role}"})`,
      ),
    ),
    sideBySide((role, title) =>
      graph(`${title}: requests by code`, "reqps", [
        {
          expr: `sum by (code) (rate(app:requests:total{${app},role="${role}"}[$__rate_interval]))`,
          legend: "{{code}}",
        },
      ]),
    ),
    sideBySide((role, title) =>
      graph(`${title}: error ratio`, "percentunit", [
        { expr: `app:service_errors:ratio_rate5m{${app},role="${role}"}`, legend: "errors" },
      ]),
    ),
    sideBySide((role, title) =>
      graph(
        `${title}: latency`,
        "s",
        [50, 95, 99].map((percent) => ({
          expr: `app:request_duration_seconds:p${percent}{${app},role="${role}"}`,
          legend: `p${percent}`,
        })),
      ),
    ),
    [
      graph(
        "Error budget burn rate",
        "short",
        ["5m", "1h", "6h", "1d", "3d"].map((window) => ({
          expr: `app:request_errors:ratio_rate${window}{${app}} / app:error_budget:ratio{${app}}`,
          legend: window,
        })),
      ),
      graph("Restarts in 15 minutes by release", "short", [
        { expr: `app:restarts:increase15m{${app}}`, legend: "{{release}}" },
      ]),
    ],
    [
      graph("Available pods", "short", [
        {
          expr: 'kube_deployment_status_replicas_available{namespace="$namespace",deployment=~"$app-.+"}',
          legend: "{{deployment}}",
        },
      ]),
      graph("Autoscaler: current and maximum pods", "short", [
        {
          expr: 'kube_horizontalpodautoscaler_status_current_replicas{namespace="$namespace",horizontalpodautoscaler=~"$app-.+"}',
          legend: "{{horizontalpodautoscaler}}",
        },
        {
          expr: 'kube_horizontalpodautoscaler_spec_max_replicas{namespace="$namespace",horizontalpodautoscaler=~"$app-.+"}',
          legend: "{{horizontalpodautoscaler}} maximum",
        },
      ]),
    ],
  ],
};

/** The gateway. */
export const gateway: Dashboard = {
  uid: "platform-gateway",
  title: "Gateway",
  rows: [
    [
      stat(
        "Requests per second",
        "reqps",
        'sum(rate(traefik_entrypoint_requests_total{entrypoint=~"web|websecure"}[5m]))',
      ),
      stat(
        "Error ratio",
        "percentunit",
        `(sum(rate(traefik_entrypoint_requests_total{entrypoint=~"web|websecure",code=~"${serverErrors}"}[5m])) or vector(0)) / (sum(rate(traefik_entrypoint_requests_total{entrypoint=~"web|websecure"}[5m])) > 0)`,
        { orange: 0.005, red: 0.01 },
      ),
      stat("Open connections", "short", "sum(traefik_open_connections)"),
      stat(
        "Last configuration reload",
        "dateTimeFromNow",
        "max(traefik_config_last_reload_success) * 1000",
      ),
    ],
    [
      graph("Requests by code", "reqps", [
        {
          expr: 'sum by (code) (rate(traefik_entrypoint_requests_total{entrypoint=~"web|websecure"}[$__rate_interval]))',
          legend: "{{code}}",
        },
      ]),
      graph(
        "Latency",
        "s",
        [0.5, 0.95, 0.99].map((quantile) => ({
          expr: `histogram_quantile(${quantile}, sum by (le) (rate(traefik_entrypoint_request_duration_seconds_bucket{entrypoint=~"web|websecure"}[$__rate_interval])))`,
          legend: `p${quantile * 100}`,
        })),
      ),
    ],
    [
      graph("Busiest backends", "reqps", [
        {
          expr: "topk(15, sum by (service) (rate(traefik_service_requests_total[$__rate_interval])))",
          legend: "{{service}}",
        },
      ]),
      graph("Errors by backend", "reqps", [
        {
          expr: `topk(15, sum by (service) (rate(traefik_service_requests_total{code=~"${serverErrors}"}[$__rate_interval])) > 0)`,
          legend: "{{service}}",
        },
      ]),
    ],
    [
      graph("Open connections by pod", "short", [
        { expr: "sum by (instance) (traefik_open_connections)", legend: "{{instance}}" },
      ]),
      table("Certificates: time to expiry", "s", gatewayCertificateLeft),
    ],
  ],
};
