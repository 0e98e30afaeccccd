import { type Series } from "../../support/alerts/case";
import { checkQueries, type CheckQueries } from "../../support/check-queries";
import { MonitoringTools } from "../../support/promtool";

/** Values of an hour: one every 15 seconds, as Prometheus scrapes the gateway. */
const hour = 240;

/**
 * Prometheus extrapolates an increase to its whole window, by up to a scrape interval. Rules in other groups, which are
 * evaluated in any order, may read the values of the evaluation before.
 */
const tolerance = { ofQuery: 0.06, ofRule: 0.15 };

describe("the first errors of a gateway pod, which come with a series of their own", () => {
  const tools = new MonitoringTools();
  const files = tools.writeAppRules();
  let queries: CheckQueries;
  before(async () => {
    queries = await checkQueries();
  });
  after(() => tools.remove());

  const service: Series = {
    'kube_service_labels{namespace="commerce-dev",service="shop-canary",label_app_kubernetes_io_name="shop",label_app_kubernetes_io_part_of="apps"}': `1x${hour}`,
  };
  /** When the process of a gateway pod started, seconds. */
  const pod = (instance: string, values: string): Series => ({
    [`process_start_time_seconds{job="traefik",instance="${instance}"}`]: values,
  });
  const requests = (instance: string, code: number | string, values: string, method = "GET") => ({
    [`traefik_service_requests_total{service="commerce-dev-shop-canary-http-80@kubernetesgateway",instance="${instance}",code="${code}",method="${method}"}`]:
      values,
  });
  const old = (instance: string) => pod(instance, `-9999x${hour}`);

  /**
   * Checks the number of a query, within the tolerance.
   * @param at time after the first value.
   */
  async function gives(
    expr: string,
    measured: Series,
    value: number,
    at = "20m",
    of: keyof typeof tolerance = "ofQuery",
  ): Promise<void> {
    const near = `abs((${expr}) - ${value}) <= bool ${tolerance[of] * value}`;
    const query = { expr: near, samples: [{ labels: "{}", value: 1 }] };
    const situation = { series: { ...service, ...measured }, at };
    await tools.test(files, [{ situation, query, interval: "15s" }], "15s");
  }

  it("are counted: one outage with a code that was never seen", async () => {
    const series = {
      ...old("a"),
      ...requests("a", 200, `0+150x${hour}`),
      ...requests("a", 503, `_x60 140x${hour}`),
    };
    await gives(queries.errors, series, 140);
    await gives(queries.requests, series, 6140);
  });

  it("are counted: single errors of several codes and methods, on several gateway pods", () => {
    const pods = ["a", "b", "c"].flatMap((instance, at) => [
      old(instance),
      requests(instance, 200, `0+5x${hour}`),
      requests(instance, 500, `_x${45 + at} 1x${hour}`),
      requests(instance, 500, `_x${50 + at} 1x${hour}`, "POST"),
      requests(instance, 502, `_x${46 + at} 1x${hour}`),
    ]);
    return gives(queries.errors, Object.assign({}, ...pods) as Series, 9);
  });

  it("are counted: those of a new gateway pod, and of a new canary", async () => {
    const started = {
      ...old("a"),
      ...requests("a", 200, `0+150x${hour}`),
      // Started 15 minutes, 60 values, after the first value; first scraped 10 s later.
      ...pod("b", `_x61 905x${hour}`),
      ...requests("b", 200, `_x61 300+10x${hour}`),
      ...requests("b", 503, `_x61 140x${hour}`),
    };
    await gives(queries.errors, started, 140);
    const first = { ...old("a"), ...requests("a", 503, `_x60 140+10x${hour}`) };
    await gives(queries.errors, first, 340);
    await gives(queries.requests, first, 340);
  });

  it("are counted: in gRPC's ambiguous codes", () => {
    const series = { ...old("a"), ...requests("a", 2, `_x60 9x${hour}`) };
    return gives(queries.unclear, series, 9);
  });

  it("are counted after scrapes that failed", () => {
    const away = "stale stale stale";
    return gives(
      queries.errors,
      {
        ...pod("a", `-9999x57 ${away} -9999x${hour}`),
        ...requests("a", 200, `0+150x57 ${away} 9000+150x${hour}`),
        ...requests("a", 503, `_x61 140x${hour}`),
      },
      140,
    );
  });

  it("are counted once: not again when a scrape failed, the process restarted or Prometheus was away", async () => {
    const before = requests("a", 503, `9000x${hour}`);
    await gives(queries.errors, { ...old("a"), ...before }, 0);
    for (const away of [
      "stale",
      "stale stale stale",
      `${"_ ".repeat(15)}_`,
      `${"_ ".repeat(27)}_`,
    ]) {
      await gives(
        queries.errors,
        {
          ...pod("a", `-9999x50 ${away} -9999x${hour}`),
          ...requests("a", 503, `9000x50 ${away} 9000x${hour}`),
        },
        0,
      );
    }
    const restarted = {
      ...pod("a", `-9999x50 stale 770x${hour}`),
      ...requests("a", 503, `9000x50 stale 60x${hour}`),
    };
    await gives(queries.errors, restarted, 60);
  });

  it("count for the error budget, and in the share of errors", async () => {
    const series = {
      ...old("a"),
      ...requests("a", 200, `0+150x${hour}`),
      ...requests("a", 503, `_x60 150x${hour}`),
    };
    await gives(
      "sum(app:request_errors:ratio_rate1h)",
      series,
      150 / (80 * 150 + 150),
      "20m",
      "ofRule",
    );
    await gives(
      'sum(app:service_errors:ratio_rate5m{role="canary"})',
      series,
      150 / 3150,
      "19m",
      "ofRule",
    );
  });

  describe("may be missing", () => {
    const missing = `count(${"$"}) or vector(0)`;
    const isMissing = (series: Series, value: number) =>
      gives(missing.replace("$", queries.gaps), series, value);
    const served = requests("a", 200, `0+150x${hour}`);

    it("not while everything runs, nor when a scrape fails or Prometheus restarts", async () => {
      await isMissing({ ...old("a"), ...served }, 0);
      for (const away of ["stale", "_ _ _ _ _ _ _ _"]) {
        await isMissing({ ...pod("a", `-9999x50 ${away} -9999x${hour}`), ...served }, 0);
      }
    });

    it("without the rules of this version, and before they were installed", async () => {
      await isMissing(served, 1);
      await isMissing({ ...pod("a", `_x50 -9999x${hour}`), ...served }, 1);
    });

    it("after an outage of Prometheus within the window, and no longer after it", async () => {
      const away = `${"_ ".repeat(26)}_`;
      await isMissing({ ...pod("a", `-9999x45 ${away} -9999x${hour}`), ...served }, 1);
      await isMissing({ ...pod("a", `-9999x6 ${away} -9999x${hour}`), ...served }, 0);
    });
  });
});
