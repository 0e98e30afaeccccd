import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { exporters } from "../../../../components/monitoring/exporters";
import { metricNames, metricsUsed } from "../../../../components/monitoring/metrics";
import { ruleFiles, ruleGroups } from "../../../../components/monitoring/rules";
import type { RuleArgs } from "../../../../components/monitoring/rules/args";
import { owners } from "../../../../components/monitoring/rules/owners";
import {
  isAlert,
  type Alert,
  type RecordingRule,
} from "../../../../components/monitoring/rules/rule";
import { checkout } from "../../../../local/toolchain/paths";
import { watched } from "../../../support/alerts/case";

const runbooks = join(checkout, "docs", "runbooks");
const bare: RuleArgs = {
  objective: 0.999,
  owners: {},
  runbooks: "https://docs.test",
  parts: {},
};

function rules(args: RuleArgs = watched): (RecordingRule | Alert)[] {
  return Object.values(ruleGroups(args)).flatMap((groups) => groups.flatMap((it) => it.rules));
}
const alerts = (args?: RuleArgs) => rules(args).filter(isAlert);
const recorded = (args?: RuleArgs) =>
  rules(args).filter((rule): rule is RecordingRule => !isAlert(rule));

interface WrittenRule {
  alert?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

function written(args: RuleArgs): WrittenRule[] {
  return Object.values(ruleFiles(args)).flatMap((text) =>
    (parse(text) as { groups: { rules: WrittenRule[] }[] }).groups.flatMap((group) => group.rules),
  );
}

describe("alerts", () => {
  it("say what is wrong, how severe it is, and where to read more", () => {
    for (const { alert, labels, annotations } of written(watched)) {
      if (alert === undefined) continue;
      assert.deepEqual(Object.keys(annotations ?? {}), ["summary", "description", "runbook_url"]);
      assert.ok(
        Object.values(annotations ?? {}).every((text) => text.length > 10),
        alert,
      );
      assert.equal(
        annotations?.runbook_url,
        `https://git.platform.test/platform/docs/runbooks/${alert}.md`,
      );
      assert.match(labels?.severity ?? "", /^(critical|warning|none)$/, alert);
    }
  });

  it("refer in their texts to no label that only the rule adds: Prometheus does not know it there", () => {
    for (const { alert, labels, annotations } of written(watched)) {
      const texts = Object.values(annotations ?? {}).join(" ");
      const used = [...texts.matchAll(/\$labels\.(\w+)/g)].map(([, name = ""]) => name);
      assert.deepEqual(
        used.filter((name) => name in (labels ?? {})),
        [],
        alert,
      );
    }
  });

  it("name a team, except if their series do", () => {
    const without = alerts().filter(({ team }) => team === undefined);
    assert.deepEqual(
      [...new Set(without.map(({ alert }) => alert))],
      ["AppErrorBudgetBurn", "CanaryErrors", "CanarySlow"],
    );
  });

  it("have a runbook each, and every runbook has its alert", () => {
    const names = [...new Set(alerts().map(({ alert }) => alert))].sort();
    assert.deepEqual(
      readdirSync(runbooks).sort(),
      names.map((name) => `${name}.md`),
    );
    for (const name of names) {
      const text = readFileSync(join(runbooks, `${name}.md`), "utf8");
      assert.ok(text.startsWith(`# ${name}\n`), name);
      for (const part of ["What it means.", "How to investigate.", "What to do."]) {
        assert.ok(text.includes(`**${part}**`), `${name}: ${part}`);
      }
    }
  });

  it("of one name differ in their labels or in their queries", () => {
    const keys = alerts().map((it) =>
      JSON.stringify([it.alert, it.severity, it.team, it.labels, it.team === undefined || it.expr]),
    );
    assert.equal(new Set(keys).size, keys.length);
  });

  it("go to the platform team of the config", () => {
    const args = { ...bare, platformTeam: "infrastructure" };
    const teams = alerts(args).flatMap(({ team }) => team ?? []);
    assert.deepEqual([...new Set(teams)], ["infrastructure"]);
    const backends = recorded(args).find(({ record }) => record === "app:backend:info");
    assert.match(backends?.expr ?? "", /"team", "infrastructure"/);
  });

  it("exist only for declared parts", () => {
    const all = new Set(alerts().map(({ alert }) => alert));
    const few = new Set(alerts(bare).map(({ alert }) => alert));
    assert.deepEqual(
      [...all].filter((alert) => !few.has(alert)),
      [
        "EtcdNoLeader",
        "EtcdDiskSlow",
        "EtcdDatabaseLarge",
        "DnsDown",
        "DnsErrors",
        "DnsSlow",
        "FilebeatStopped",
        "LogsStopped",
        "KafkaDown",
        "KafkaBrokerMissing",
        "KafkaUnderReplicated",
        "LogstashStopped",
        "KafkaLag",
        "ElasticsearchDown",
        "ElasticsearchRed",
        "ElasticsearchReadOnly",
        "ElasticsearchDiskFilling",
        "CollectorRefusesSpans",
        "CollectorLosesSpans",
        "CollectorQueueFilling",
        "TracesDecidedTooEarly",
        "TempoDown",
        "TempoDiscardsSpans",
        "TempoCannotStore",
        "JenkinsDown",
        "JenkinsQueueLong",
        "HarborDown",
        "HarborStorageFilling",
        "BackupFailed",
        "BackupOld",
      ],
    );
    const missing = alerts(bare).flatMap(({ labels }) => labels?.metric ?? []);
    assert.deepEqual(
      missing.filter((metric) =>
        /kafka|elastic|jenkins|harbor|kubelet|etcd_server|coredns|otelcol|tempo/.test(metric),
      ),
      [],
    );
  });
});

describe("rule files", () => {
  it("are those of the declared parts", () => {
    assert.deepEqual(Object.keys(ruleFiles(watched)).sort(), [
      "apps.yaml",
      "backups.yaml",
      "control-plane.yaml",
      "delivery.yaml",
      "logging.yaml",
      "monitoring.yaml",
      "nodes.yaml",
      "tracing.yaml",
      "workloads.yaml",
    ]);
    assert.deepEqual(Object.keys(ruleFiles(bare)).sort(), [
      "apps.yaml",
      "control-plane.yaml",
      "monitoring.yaml",
      "nodes.yaml",
      "workloads.yaml",
    ]);
  });

  it("have no aliases", () => {
    for (const text of Object.values(ruleFiles(watched))) assert.doesNotMatch(text, /: [&*]a\d/);
  });
});

describe("recording rules of apps", () => {
  it("are as many with 700 apps as with one, because the cluster lists the apps", () => {
    assert.deepEqual(
      recorded()
        .filter(({ labels }) => labels !== undefined)
        .map(({ record, labels }) => [record, labels]),
      [
        ["namespace:team:info", { namespace: "commerce-dev", team: "commerce" }],
        ["namespace:team:info", { namespace: "content-dev", team: "content" }],
      ],
    );
  });

  it("distinguish the gateway's pods", () => {
    for (const record of ["app:requests:total", "app:request_duration_seconds:bucket"]) {
      const [rule] = recorded().filter((it) => it.record === record);
      assert.match(rule?.expr ?? "", /^sum by \((code|le), instance, namespace, app, team, /);
    }
  });

  it("turn an objective into a budget", () => {
    const budgets = (args: RuleArgs) =>
      recorded(args).filter(({ record }) => record === "app:error_budget:ratio");
    assert.match(budgets(watched)[0]?.expr ?? "", /^0\.001 \* /);
    assert.match(budgets({ ...watched, objective: 0.99 })[0]?.expr ?? "", /^0\.01 \* /);
  });
});

describe("owners of namespaces", () => {
  it("are the teams, and the platform team for all others", () => {
    const given = { "shop-dev": "b", "news-dev": "a", "cart-dev": "b" };
    assert.deepEqual(owners({ owners: given, platformTeam: "platform" }), [
      { team: "a", namespaces: 'namespace=~"news-dev"' },
      { team: "b", namespaces: 'namespace=~"cart-dev|shop-dev"' },
      { team: "platform", namespaces: 'namespace!~"cart-dev|news-dev|shop-dev"' },
    ]);
  });

  it("are the platform team alone if no team has one", () => {
    assert.deepEqual(owners({ owners: {}, platformTeam: "platform" }), [
      { team: "platform", namespaces: 'namespace!~""' },
    ]);
  });
});

describe("queried metrics", () => {
  it("are found in queries", () => {
    const queries: [string, string[]][] = [
      ["up == 0", ["up"]],
      ['sum by (le, pod) (rate(a_total{b=~"c_total|}"}[5m])) > 0', ["a_total"]],
      ["a:b:c / on (x) group_left (y) d offset 5m", ["a:b:c", "d"]],
      ['label_replace(a, "x", "$1", "y", "(b)") or vector(0)', ["a"]],
      ["time() - min without (z) (a) < 1e6 and b unless c", ["a", "b", "c"]],
    ];
    for (const [query, names] of queries) assert.deepEqual(metricNames(query), names, query);
  });

  it("are all exported by something, and all listed metrics are queried", () => {
    assert.deepEqual(metricsUsed(), Object.values(exporters).flat().sort());
  });
});
