import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { stringify } from "yaml";
import { dashboardList } from "../../components/monitoring/dashboards";
import { queriesOf } from "../../components/monitoring/dashboards/build";
import { alertmanagerConfig } from "../../components/monitoring/routing";
import { ruleFiles, ruleGroups } from "../../components/monitoring/rules";
import { isAlert } from "../../components/monitoring/rules/rule";
import { Prometheus } from "../../cli/release/prometheus";
import { alertCases } from "../support/alerts";
import { faults } from "../support/alerts/faults";
import { roleService, watched, type Series } from "../support/alerts/case";
import { firing, MonitoringTools, type RuleTest } from "../support/promtool";

function has(file: string, alert: string): boolean {
  return readFileSync(file, "utf8").includes(`alert: ${alert}\n`);
}

describe("the monitoring's rules", () => {
  const tools = new MonitoringTools();
  const files = Object.entries(ruleFiles(watched)).map(([name, text]) => tools.write(name, text));
  /** The file with an alert's rule; evaluating all others as well would take long. */
  const filesOf = (alert: string) => files.filter((file) => has(file, alert));
  after(() => tools.remove());

  it("are what promtool takes for correct", async () => {
    await tools.promtool("check", "rules", "--lint=all", "--lint-fatal", ...files);
  });

  it("are correct without an app, a team or a part", async () => {
    const bare = ruleFiles({ ...watched, owners: {}, parts: {} });
    const written = Object.entries(bare).map(([name, text]) => tools.write(`bare-${name}`, text));
    await tools.promtool("check", "rules", "--lint=all", "--lint-fatal", ...written);
  });

  it("have a case for every alert", () => {
    const rules = Object.values(ruleGroups(watched)).flatMap((groups) =>
      groups.flatMap((group) => group.rules),
    );
    const alerts = new Set(rules.filter(isAlert).map(({ alert }) => alert));
    assert.deepEqual([...new Set(alertCases.map(({ alert }) => alert))].sort(), [...alerts].sort());
  });

  for (const { alert, fires, quiet } of alertCases) {
    it(`${alert} fires when it should, and not otherwise`, async () => {
      const expr = `ALERTS{alertname="${alert}",alertstate="firing"}`;
      const tests: RuleTest[] = [
        ...fires.map(({ labels, ...situation }) => ({
          situation,
          query: { expr, samples: labels.map((it) => ({ labels: firing(alert, it), value: 1 })) },
        })),
        ...quiet.map((situation) => ({ situation, query: { expr, samples: [] } })),
      ];
      await tools.test(filesOf(alert), tests);
    });
  }

  for (const { fault, alert, bad, good, labels, annotations } of faults) {
    it(`say in words: ${fault}`, async () => {
      const runbook_url = `https://git.platform.test/platform/docs/runbooks/${alert}.md`;
      const expected = { exp_labels: labels, exp_annotations: { ...annotations, runbook_url } };
      await tools.test(filesOf(alert), [
        { situation: bad, alert: { name: alert, alerts: [expected] } },
        { situation: good, alert: { name: alert, alerts: [] } },
      ]);
    });
  }
});

describe("what the check of a canary asks Prometheus", () => {
  const tools = new MonitoringTools();
  const files = Object.entries(ruleFiles(watched)).map(([name, text]) => tools.write(name, text));
  let queries: string[];
  before(async () => {
    queries = await asked();
  });
  after(() => tools.remove());

  /** Returns the queries of `release check`: requests, errors, latency, restarts. */
  async function asked(): Promise<string[]> {
    const found: string[] = [];
    const server = createServer((request, response) => {
      found.push(new URL(request.url ?? "", "http://prometheus").searchParams.get("query") ?? "");
      const data = { resultType: "vector", result: [] };
      response.end(JSON.stringify({ status: "success", data }));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const subject = { namespace: "commerce-dev", service: "shop-canary", release: "shop-1-5-0" };
    await new Prometheus(`http://127.0.0.1:${port}`).measure(subject, 600, 0.99);
    server.close();
    return found;
  }

  const query = (needle: RegExp) => {
    const found = queries.filter((text) => needle.test(text));
    assert.equal(found.length, 1, `${String(needle)} in ${queries.join("\n")}`);
    return found[0] ?? "";
  };
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

  it("is answered: requests, of the canary alone", () =>
    gives(
      query(/requests:total\{[^}]*canary"\}/),
      {
        [`traefik_service_requests_total{${backend},code="200",instance="a"}`]: "0+60x60",
        [`traefik_service_requests_total{${other},code="200",instance="a"}`]: "0+999x60",
      },
      600,
    ));

  it("is answered: errors", () =>
    gives(
      query(/5\.\./),
      {
        [`traefik_service_requests_total{${backend},code="200",instance="a"}`]: "0+60x60",
        [`traefik_service_requests_total{${backend},code="500",instance="a"}`]: "0+3x60",
        [`traefik_service_requests_total{${backend},code="404",instance="a"}`]: "0+9x60",
      },
      30,
    ));

  it("is answered: latency", () => {
    const bucket = (le: string, perMinute: number): Series => ({
      [`traefik_service_request_duration_seconds_bucket{${backend},code="200",instance="a",le="${le}"}`]: `0+${perMinute}x60`,
    });
    const series = { ...bucket("0.1", 0), ...bucket("0.3", 100), ...bucket("+Inf", 100) };
    return gives(query(/histogram_quantile/), series, 0.298);
  });

  it("is answered: restarts", () => {
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
    return gives(query(/restarts/), series, 2);
  });

  it("counts no request twice when a pod of the gateway goes", () =>
    gives(
      query(/requests:total\{[^}]*canary"\}/),
      {
        [`traefik_service_requests_total{${backend},code="200",instance="a"}`]: "0+60x60",
        // Its many requests must not be counted again.
        [`traefik_service_requests_total{${backend},code="200",instance="b"}`]: "90000x25 stale",
      },
      600,
    ));
});

describe("the recording rules of apps", () => {
  const tools = new MonitoringTools();
  const files = Object.entries(ruleFiles(watched)).map(([name, text]) => tools.write(name, text));
  after(() => tools.remove());

  const service = (namespace: string, app: string, role: string) =>
    `kube_service_labels{namespace="${namespace}",service="${app}-${role}",label_app_kubernetes_io_name="${app}",label_app_kubernetes_io_part_of="apps"}`;
  const requests = (backend: string) =>
    `traefik_service_requests_total{service="${backend}-http-80@kubernetesgateway",code="200",instance="a"}`;

  async function gives(expr: string, series: Series, results: Record<string, number>) {
    const samples = Object.entries(results).map(([labels, value]) => ({ labels, value }));
    await tools.test(files, [{ situation: { series, at: "20m" }, query: { expr, samples } }]);
  }

  it("know the apps of every stack, and whose they are, by what the cluster says", () =>
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

  it("go on while kube-state-metrics is away", () =>
    gives(
      "sum by (app) (app:requests:total)",
      {
        [service("commerce-dev", "shop", "stable")]: "1x12 stale",
        [requests("commerce-dev-shop-stable")]: "0+1x60",
      },
      { '{app="shop"}': 20 },
    ));

  it("do not fail where two Services have one backend's name", () =>
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

describe("the dashboards", () => {
  const tools = new MonitoringTools();
  after(() => tools.remove());

  for (const dashboard of dashboardList()) {
    it(`${dashboard.title} asks what promtool takes for correct`, async () => {
      const rules = queriesOf(dashboard).map((expr, index) => ({ record: `query:${index}`, expr }));
      const content = { groups: [{ name: dashboard.uid, rules }] };
      await tools.promtool("check", "rules", tools.write("queries.yaml", stringify(content)));
    });
  }
});

describe("the routing of alerts", () => {
  const tools = new MonitoringTools();
  after(() => tools.remove());
  const file = tools.write(
    "alertmanager.yaml",
    stringify(
      alertmanagerConfig({
        receivers: {
          platform: [{ type: "email", to: "platform@example.com" }],
          commerce: [
            { type: "slack", channel: "#commerce", urlFile: "/etc/receivers/commerce" },
            { type: "webhook", urlFile: "/etc/receivers/pager" },
          ],
        },
        deadMansSwitchUrlFile: "/etc/receivers/heartbeat",
        mail: {
          smarthost: "mail.example.com:587",
          from: "alerts@example.com",
          login: { username: "alerts", passwordFile: "/etc/receivers/mail" },
        },
      }),
    ),
  );

  it("is what amtool takes for correct", async () => {
    const output = await tools.amtool("check-config", file);
    assert.match(output, /3 receivers/);
    const bare = tools.write("bare.yaml", stringify(alertmanagerConfig({ receivers: {} })));
    await tools.amtool("check-config", bare);
  });

  const routes: [labels: string[], receiver: string][] = [
    [["alertname=PodNotReady", "team=commerce", "severity=warning"], "commerce"],
    [["alertname=WorkloadDown", "team=commerce", "severity=critical"], "commerce"],
    [["alertname=NodeLost", "team=platform", "severity=critical"], "platform"],
    [["alertname=PodNotReady", "team=unheard-of", "severity=warning"], "platform"],
    [["alertname=SomeoneElses"], "platform"],
    [["alertname=DeadMansSwitch", "team=platform", "severity=none"], "dead-mans-switch"],
  ];
  for (const [labels, receiver] of routes) {
    it(`sends ${labels.join(" ")} to ${receiver}`, async () => {
      const args = ["config", "routes", "test", `--config.file=${file}`];
      const output = await tools.amtool(...args, `--verify.receivers=${receiver}`, ...labels);
      assert.equal(output.trim().split("\n")[0], receiver);
    });
  }

  it("wants every field to be known", async () => {
    const wrong = { ...alertmanagerConfig({ receivers: {} }), inhibit: [] };
    await assert.rejects(tools.amtool("check-config", tools.write("wrong.yaml", stringify(wrong))));
  });
});
