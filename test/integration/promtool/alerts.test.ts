import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse, stringify } from "yaml";
import { ruleFiles, ruleGroups } from "../../../components/monitoring/rules";
import { isAlert } from "../../../components/monitoring/rules/rule";
import { alertCases } from "../../support/alerts";
import { faults } from "../../support/alerts/faults";
import { watched } from "../../support/alerts/case";
import { firing, MonitoringTools, type RuleTest } from "../../support/promtool";

interface RuleFile {
  groups: { name: string; rules: { alert?: string }[] }[];
}

describe("the monitoring's rules", () => {
  const tools = new MonitoringTools();
  const files = tools.writeRules();
  after(() => tools.remove());

  /** Writes an alert's rule with the recording rules of its file; evaluating all others as well would take long. */
  function filesOf(alert: string): string[] {
    const texts = files.map((file) => readFileSync(file, "utf8"));
    return texts
      .filter((text) => text.includes(`alert: ${alert}\n`))
      .map((text) => {
        const groups = (parse(text) as RuleFile).groups.map((group) => ({
          ...group,
          rules: group.rules.filter((rule) => rule.alert === undefined || rule.alert === alert),
        }));
        const content = { groups: groups.filter(({ rules }) => rules.length > 0) };
        return tools.write(`${alert}.yaml`, stringify(content));
      });
  }

  it("are valid for promtool", async () => {
    await tools.promtool("check", "rules", "--lint=all", "--lint-fatal", ...files);
  });

  it("are valid without an app, a team or a part", async () => {
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
    it(`describe the fault: ${fault}`, async () => {
      const runbook_url = `https://git.platform.test/platform/docs/runbooks/${alert}.md`;
      const expected = { exp_labels: labels, exp_annotations: { ...annotations, runbook_url } };
      await tools.test(filesOf(alert), [
        { situation: bad, alert: { name: alert, alerts: [expected] } },
        { situation: good, alert: { name: alert, alerts: [] } },
      ]);
    });
  }
});
