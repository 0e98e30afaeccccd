import assert from "node:assert/strict";
import {
  alertmanagerConfig,
  consequences,
  namedDown,
  type RoutingArgs,
} from "../../../../components/monitoring/routing";
import { alertCases } from "../../../support/alerts";

type Labels = Record<string, string>;

interface Config {
  global: Record<string, unknown>;
  route: { receiver: string; routes: { receiver: string; matchers: string[] }[] };
  inhibit_rules: { source_matchers: string[]; target_matchers: string[]; equal?: string[] }[];
  receivers: ({ name: string } & Record<string, unknown>)[];
}

const config = (args: RoutingArgs = { receivers: {} }) => alertmanagerConfig(args) as Config;

/** Whether labels match Alertmanager's matchers. */
function matches(labels: Labels, matchers: string[]): boolean {
  return matchers.every((matcher) => {
    const [, name = "", operator, value = ""] = /^(\w+)(=~?)"(.*)"$/.exec(matcher) ?? [];
    const found = labels[name] ?? "";
    return operator === "=~" ? new RegExp(`^(?:${value})$`).test(found) : found === value;
  });
}

/** Whether one alert inhibits another. */
function inhibits(source: Labels, target: Labels): boolean {
  return config().inhibit_rules.some(
    ({ source_matchers, target_matchers, equal = [] }) =>
      matches(source, source_matchers) &&
      matches(target, target_matchers) &&
      equal.every((label) => (source[label] ?? "") === (target[label] ?? "")),
  );
}

describe("the routing of alerts", () => {
  it("reads addresses and passwords from files only", () => {
    const { global, receivers } = config({
      receivers: {
        platform: [{ type: "email", to: "platform@example.com" }],
        commerce: [
          { type: "webhook", urlFile: "/r/a" },
          { type: "webhook", urlFile: "/r/b" },
          { type: "slack", channel: "#shop", urlFile: "/r/slack" },
        ],
      },
      deadMansSwitchUrlFile: "/r/heartbeat",
      mail: {
        smarthost: "mail.example.com:587",
        from: "alerts@example.com",
        login: { username: "alerts", passwordFile: "/r/mail" },
      },
    });
    assert.deepEqual(global, {
      resolve_timeout: "5m",
      smtp_smarthost: "mail.example.com:587",
      smtp_from: "alerts@example.com",
      smtp_require_tls: true,
      smtp_auth_username: "alerts",
      smtp_auth_password_file: "/r/mail",
    });
    const receiver = (name: string) => receivers.find((it) => it.name === name);
    assert.deepEqual(receiver("dead-mans-switch")?.webhook_configs, [
      { url_file: "/r/heartbeat", send_resolved: false },
    ]);
    assert.deepEqual(receiver("platform")?.email_configs, [
      { to: "platform@example.com", send_resolved: true },
    ]);
    assert.deepEqual(receiver("commerce")?.webhook_configs, [
      { url_file: "/r/a", send_resolved: true },
      { url_file: "/r/b", send_resolved: true },
    ]);
    const [slack] = receiver("commerce")?.slack_configs as Record<string, unknown>[];
    assert.equal(slack?.api_url_file, "/r/slack");
    assert.equal(slack?.channel, "#shop");
  });

  it("sends alerts without a team to the platform team, with or without receivers", () => {
    assert.equal(config().route.receiver, "platform");
    assert.deepEqual(
      config().receivers.map(({ name }) => name),
      ["dead-mans-switch", "platform"],
    );
    assert.equal(config({ receivers: {}, platformTeam: "ops" }).route.receiver, "ops");
  });

  it("matches the dead man's switch before the teams", () => {
    const [first] = config().route.routes;
    assert.equal(first?.receiver, "dead-mans-switch");
    assert.deepEqual(first?.matchers, ['alertname="DeadMansSwitch"']);
  });

  it("names only existing alerts", () => {
    const known = new Set(alertCases.map(({ alert }) => alert));
    const named = [...Object.entries(consequences).flat(2), ...namedDown];
    assert.deepEqual(
      named.filter((alert) => !known.has(alert)),
      [],
    );
  });

  it("silences a warning by the critical alert of the same name about the same thing", () => {
    const pairs = alertCases.flatMap(({ alert, fires }) =>
      fires.flatMap(({ labels }) =>
        labels
          .filter(({ severity }) => severity === "warning")
          .map((warning): Labels => ({ alertname: alert, ...warning })),
      ),
    );
    assert.ok(pairs.length > 10);
    for (const warning of pairs) {
      const critical = { ...warning, severity: "critical" };
      assert.ok(inhibits(critical, warning), JSON.stringify(warning));
      assert.equal(inhibits(warning, critical), false);
    }
  });

  it("does not silence a warning about something else", () => {
    const twice = alertCases.filter(
      ({ fires }) =>
        new Set(fires.flatMap(({ labels }) => labels.map(({ severity }) => severity))).size > 1,
    );
    assert.ok(twice.length >= 5);
    for (const { alert, fires } of twice) {
      const labels = fires[0]?.labels[0] ?? {};
      for (const label of Object.keys(labels).filter((it) => it !== "severity")) {
        const source = { alertname: alert, ...labels, severity: "critical", [label]: "another" };
        const target = { alertname: alert, ...labels, severity: "warning" };
        assert.equal(inhibits(source, target), false, `${alert}: ${label}`);
      }
    }
    const nodeLost = { alertname: "NodeLost", severity: "critical", team: "platform" };
    const pressure = { alertname: "NodePressure", severity: "warning", team: "platform" };
    assert.equal(inhibits(nodeLost, pressure), false);
  });

  it("silences the consequences of a failure of Kafka or Elasticsearch", () => {
    const place = { namespace: "logging", statefulset: "kafka" };
    const kafka = { alertname: "KafkaDown", severity: "critical", ...place };
    assert.ok(inhibits(kafka, { alertname: "LogsStopped", severity: "critical" }));
    assert.ok(inhibits(kafka, { alertname: "WorkloadDown", severity: "critical", ...place }));
    const other = { namespace: "jenkins", statefulset: "jenkins" };
    assert.equal(
      inhibits(kafka, { alertname: "WorkloadDown", severity: "critical", ...other }),
      false,
    );
    const readOnly = { alertname: "ElasticsearchReadOnly", severity: "critical" };
    assert.ok(inhibits(readOnly, { alertname: "KafkaLag", severity: "warning" }));
    assert.equal(inhibits(readOnly, kafka), false);
  });
});
