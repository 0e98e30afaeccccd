import { roleService, type Series } from "../../support/alerts/case";
import { checkQueries, type CheckQueries } from "../../support/check-queries";
import { MonitoringTools } from "../../support/promtool";

describe("the queries of a canary's check", () => {
  const tools = new MonitoringTools();
  const files = tools.writeAppRules();
  let queries: CheckQueries;
  before(async () => {
    queries = await checkQueries();
  });
  after(() => tools.remove());

  const backend = 'service="commerce-dev-shop-canary-http-80@kubernetesgateway"';
  const other = 'service="commerce-dev-shop-stable-http-80@kubernetesgateway"';

  const services = {
    ...roleService("shop", "stable", 60),
    ...roleService("shop", "canary", 60),
  };

  async function gives(expr: string, measured: Series, value: number): Promise<void> {
    const samples = [{ labels: "{}", value }];
    const series = { ...services, ...measured };
    await tools.test(files, [{ situation: { series, at: "30m" }, query: { expr, samples } }]);
  }

  it("are answered: requests, of the canary alone", () =>
    gives(
      queries.requests,
      {
        [`traefik_service_requests_total{${backend},code="200",instance="a"}`]: "0+60x60",
        [`traefik_service_requests_total{${other},code="200",instance="a"}`]: "0+999x60",
      },
      600,
    ));

  it("are answered: errors", () =>
    gives(
      queries.errors,
      {
        [`traefik_service_requests_total{${backend},code="200",instance="a"}`]: "0+60x60",
        [`traefik_service_requests_total{${backend},code="500",instance="a"}`]: "0+3x60",
        [`traefik_service_requests_total{${backend},code="404",instance="a"}`]: "0+9x60",
        // gRPC: INTERNAL is an error of the server, NOT_FOUND is not, and UNKNOWN may be a success.
        [`traefik_service_requests_total{${backend},code="13",instance="a"}`]: "0+2x60",
        [`traefik_service_requests_total{${backend},code="5",instance="a"}`]: "0+9x60",
        [`traefik_service_requests_total{${backend},code="2",instance="a"}`]: "0+9x60",
      },
      50,
    ));

  it("are answered: latency", () => {
    const bucket = (le: string, perMinute: number): Series => ({
      [`traefik_service_request_duration_seconds_bucket{${backend},code="200",instance="a",le="${le}"}`]: `0+${perMinute}x60`,
    });
    const series = { ...bucket("0.1", 0), ...bucket("0.3", 100), ...bucket("+Inf", 100) };
    return gives(queries.latency, series, 0.298);
  });

  it("are answered: restarts", () => {
    const pod = (name: string, release: string, restarted: string): Series => ({
      [`kube_pod_container_status_restarts_total{namespace="commerce-dev",pod="${name}",container="c"}`]:
        restarted,
      [`kube_pod_labels{namespace="commerce-dev",pod="${name}",label_app_kubernetes_io_instance="${release}"}`]:
        "1x60",
    });
    const series = {
      ...pod("shop-1-5-0-6d4b8c9f7d-x2x2x", "shop-1-5-0", "0x21 1x40"),
      // As Kubernetes cuts it where the name of a release is long: nothing of it is left but the label.
      ...pod("shx2k7q", "shop-1-5-0", "0x22 1x39"),
      ...pod("shop-1-4-2-6d4b8c9f7d-y3y3y", "shop-1-4-2", "0+1x60"),
    };
    return gives(queries.restarts, series, 2);
  });

  it("count no request twice when a pod of the gateway is deleted", () =>
    gives(
      queries.requests,
      {
        [`traefik_service_requests_total{${backend},code="200",instance="a"}`]: "0+60x60",
        // Its many requests must not be counted again.
        [`traefik_service_requests_total{${backend},code="200",instance="b"}`]: "90000x25 stale",
      },
      600,
    ));
});
