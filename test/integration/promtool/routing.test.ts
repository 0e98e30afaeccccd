import assert from "node:assert/strict";
import { stringify } from "yaml";
import { alertmanagerConfig } from "../../../components/monitoring/routing";
import { MonitoringTools } from "../../support/promtool";

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

  it("is valid for amtool", async () => {
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

  it("refuses an unknown field", async () => {
    const wrong = { ...alertmanagerConfig({ receivers: {} }), inhibit: [] };
    const file = tools.write("wrong.yaml", stringify(wrong));
    await assert.rejects(tools.amtool("check-config", file), /field inhibit not found/);
  });
});
