import { type Series } from "../../support/alerts/case";
import { MonitoringTools } from "../../support/promtool";

describe("the recording rules of apps", () => {
  const tools = new MonitoringTools();
  const files = tools.writeAppRules();
  after(() => tools.remove());

  const service = (namespace: string, app: string, role: string) =>
    `kube_service_labels{namespace="${namespace}",service="${app}-${role}",label_app_kubernetes_io_name="${app}",label_app_kubernetes_io_part_of="apps"}`;
  const requests = (backend: string) =>
    `traefik_service_requests_total{service="${backend}-http-80@kubernetesgateway",code="200",instance="a"}`;

  async function gives(expr: string, series: Series, results: Record<string, number>) {
    const samples = Object.entries(results).map(([labels, value]) => ({ labels, value }));
    await tools.test(files, [{ situation: { series, at: "20m" }, query: { expr, samples } }]);
  }

  it("know the apps of every stack and their owners from the cluster", () =>
    gives(
      "sum by (namespace, app, team, service, role) (app:requests:total)",
      {
        [service("commerce-dev", "shop", "stable")]: "1x60",
        [service("commerce-dev", "shop-admin", "canary")]: "1x60",
        [service("commerce-dev-feature", "shop", "stable")]: "1x60",
        [requests("commerce-dev-shop-stable")]: "0+1x60",
        [requests("commerce-dev-shop-admin-canary")]: "0+2x60",
        [requests("commerce-dev-feature-shop-stable")]: "0+3x60",
        [requests("commerce-dev-gone-stable")]: "0+4x60",
      },
      {
        '{namespace="commerce-dev",app="shop",team="commerce",service="shop-stable",role="stable"}': 20,
        '{namespace="commerce-dev",app="shop-admin",team="commerce",service="shop-admin-canary",role="canary"}': 40,
        '{namespace="commerce-dev-feature",app="shop",team="platform",service="shop-stable",role="stable"}': 60,
      },
    ));

  it("continue while kube-state-metrics is not running", () =>
    gives(
      "sum by (app) (app:requests:total)",
      {
        [service("commerce-dev", "shop", "stable")]: "1x12 stale",
        [requests("commerce-dev-shop-stable")]: "0+1x60",
      },
      { '{app="shop"}': 20 },
    ));

  it("do not fail if two Services have the name of one backend", () =>
    gives(
      "sum(app:requests:total)",
      {
        [service("commerce-dev", "x-shop", "stable")]: "1x60",
        [service("commerce-dev-x", "shop", "stable")]: "1x60",
        [requests("commerce-dev-x-shop-stable")]: "0+1x60",
      },
      { "{}": 20 },
    ));

  it("count the restarts of each release, whatever its name begins with", () => {
    const restarted = (app: string, pod: string, minutes: string): Series => ({
      [service("commerce-dev", app, "stable")]: "1x60",
      [`kube_pod_labels{namespace="commerce-dev",pod="${pod}",label_app_kubernetes_io_name="${app}",label_app_kubernetes_io_instance="${app}-1-4-2",label_app_kubernetes_io_part_of="apps"}`]:
        "1x60",
      [`kube_pod_container_status_restarts_total{namespace="commerce-dev",pod="${pod}",container="${app}"}`]:
        minutes,
    });
    return gives(
      "app:restarts:increase15m > 0.5",
      {
        ...restarted("shop", "shop-1-4-2-6d4b8c9f7d-x2x2x", "0+1x60"),
        ...restarted("shop-admin", "shop-admin-1-4-2-6d4b8c9f7d-y3y3y", "0+2x60"),
        ...restarted("cart", "cart-1-4-2-6d4b8c9f7d-z4z4z", "0x60"),
      },
      {
        'app:restarts:increase15m{namespace="commerce-dev",app="shop",team="commerce",release="shop-1-4-2"}': 15,
        'app:restarts:increase15m{namespace="commerce-dev",app="shop-admin",team="commerce",release="shop-admin-1-4-2"}': 30,
      },
    );
  });

  it("give every app the budget of the objective", () =>
    gives(
      "app:error_budget:ratio",
      { [service("commerce-dev", "shop", "stable")]: "1x60" },
      { 'app:error_budget:ratio{namespace="commerce-dev",app="shop",team="commerce"}': 0.001 },
    ));
});
