import assert from "node:assert/strict";
import { prometheusFile } from "../../../../components/monitoring/prometheus-config";
import { relabel, type Labels, type RelabelRule } from "../../../../components/monitoring/relabel";
import { retentionSize } from "../../../../components/monitoring/sizing";
import { controlPlane } from "../../../../config/components/control-plane";

describe("prometheus.yml", () => {
  const file = prometheusFile({
    controlPlane: controlPlane.parse({}),
    scrapeInterval: 5,
    namespace: "monitoring",
    nodeNamespace: "monitoring-nodes",
    appSampleLimit: 5000,
    teamNamespaces: [],
    environment: "gray",
    retention: { time: 864_000, size: "81920MB" },
    alertmanagers: ["alertmanager-0:9093", "alertmanager-1:9093"],
    ruleFiles: ["apps.yaml", "nodes.yaml"],
  });

  it("never waits for a response longer than the scrape interval", () => {
    assert.equal(file.global.scrape_interval, "5s");
    assert.equal(file.global.scrape_timeout, "5s");
  });

  it("says how long samples are kept, and how much of the volume they take", () => {
    assert.deepEqual(file.storage.tsdb.retention, { time: "864000s", size: "81920MB" });
  });

  it("distinguishes replicas, but not in alerts", () => {
    assert.deepEqual(file.global.external_labels, {
      environment: "gray",
      replica: "${POD_NAME}",
    });
    const alert = relabel(
      { alertname: "A", replica: "prometheus-0" },
      file.alerting.alert_relabel_configs,
    );
    assert.deepEqual(alert, { alertname: "A" });
  });

  it("names every Alertmanager and every rule file", () => {
    assert.deepEqual(file.alerting.alertmanagers[0]?.static_configs[0]?.targets, [
      "alertmanager-0:9093",
      "alertmanager-1:9093",
    ]);
    assert.deepEqual(file.rule_files, [
      "/etc/prometheus/rules/apps.yaml",
      "/etc/prometheus/rules/nodes.yaml",
    ]);
  });
});

describe("relabelling", () => {
  const cases: [what: string, rule: RelabelRule, result: Labels | undefined][] = [
    ["keeps by the whole value", { source_labels: ["a"], regex: "x", action: "keep" }, undefined],
    ["drops by the whole value", { source_labels: ["a"], regex: "xy", action: "drop" }, undefined],
    [
      "joins labels",
      { source_labels: ["a", "b"], regex: "(.+);(.+)", target_label: "c", replacement: "$2-${1}" },
      { a: "xy", b: "z", c: "z-xy" },
    ],
    [
      "copies labels by pattern",
      { regex: "(b)", replacement: "new_$1", action: "labelmap" },
      { a: "xy", b: "z", new_b: "z" },
    ],
    ["drops labels", { regex: "b", action: "labeldrop" }, { a: "xy" }],
    [
      "leaves alone what does not match",
      { source_labels: ["a"], regex: "q", target_label: "c" },
      { a: "xy", b: "z" },
    ],
  ];
  for (const [what, rule, result] of cases) {
    it(what, () => assert.deepEqual(relabel({ a: "xy", b: "z" }, [rule]), result));
  }
});

describe("retention by size", () => {
  const cases: [volume: string, size: string][] = [
    ["50Gi", "40960MB"],
    ["1Ti", "838860MB"],
    ["512Mi", "409MB"],
    ["10240Ki", "8MB"],
  ];
  for (const [volume, size] of cases) {
    it(`is ${size} of a volume of ${volume}`, () => assert.equal(retentionSize(volume), size));
  }
});
