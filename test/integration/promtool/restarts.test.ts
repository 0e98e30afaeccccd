import { type Series } from "../../support/alerts/case";
import { checkQueries } from "../../support/check-queries";
import { MonitoringTools } from "../../support/promtool";

describe("the restarts that the check of a canary counts", () => {
  const tools = new MonitoringTools();
  const files = tools.writeAppRules();
  after(() => tools.remove());

  /** A pod of the canary: when it was created, and its restarts; one value every 30 s, the window begins with the 20th. */
  function pod(name: string, created: number, restarts: Record<string, string>, from = 0): Series {
    const labels = `namespace="commerce-dev",pod="${name}"`;
    const seen = (value: number) => `${from > 0 ? `_x${from} ` : ""}${value}x60`;
    const counters = Object.entries(restarts).map(([instance, values]) => [
      `kube_pod_container_status_restarts_total{${labels},container="shop",instance="${instance}"}`,
      values,
    ]);
    return {
      [`kube_pod_created{${labels}}`]: seen(created),
      [`kube_pod_labels{${labels},label_app_kubernetes_io_instance="shop-1-5-0"}`]: seen(1),
      ...(Object.fromEntries(counters) as Series),
    };
  }

  async function gives(series: Series, value: number): Promise<void> {
    const { restarts: expr } = await checkQueries();
    const query = { expr, samples: [{ labels: "{}", value }] };
    await tools.test(files, [{ situation: { series, at: "20m" }, query, interval: "30s" }], "30s");
  }

  it("are whole numbers, and only those of the window", () =>
    gives(
      {
        ...pod("a", 0, { k: "0x25 1x60" }),
        ...pod("b", 0, { k: "7x60" }),
        ...pod("c", 0, { k: "0x21 1 3x60" }),
      },
      4,
    ));

  it("include those before the first scrape of a pod", async () => {
    await gives(pod("a", 610, { k: "_x21 1x60" }, 21), 1);
    await gives(pod("a", 590, { k: "_x21 1x60" }, 21), 1);
  });

  it("include those of the time in which another pod of kube-state-metrics took over", () =>
    gives(pod("a", 0, { k: "0x30 stale", m: "_x31 1x60" }), 1));

  it("include one between the last scrape before the window and the first in it", () =>
    gives(pod("a", 0, { k: "0x20 1x60" }), 1));

  it("do not include old ones after an outage of Prometheus", () =>
    gives(pod("a", 0, { k: "_x30 5x60" }, 30), 0));
});
