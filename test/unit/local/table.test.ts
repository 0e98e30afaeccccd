import assert from "node:assert/strict";
import { differences } from "../../../local/commands/machines";
import { partTable, rows } from "../../../local/commands/table";

const ready = { phase: "Running", conditions: [{ type: "Ready", status: "True" }] };

describe("the table of running pods", () => {
  it("counts pods by namespace: running, ready, stand-ins and simulated", () => {
    const found = rows(
      [
        pod("gateway", { nodeName: "machine-0" }, ready),
        pod("gateway", { nodeName: "machine-0" }, { phase: "Pending" }),
        pod("logging", { nodeName: "machine-0" }, { phase: "Succeeded" }),
        pod("logging", { nodeName: "node-0" }, ready),
        pod("logging", { nodeName: "machine-0", containers: [{ image: "logstash:1" }] }, ready),
        pod("logging", { nodeSelector: { "platform/machine": "simulated" } }, {}),
      ],
      ["logstash:1"],
    );
    assert.deepEqual(found, [
      { part: "gateway", pods: 2, runs: 2, ready: 1, standIns: 0, simulated: 0 },
      { part: "logging", pods: 4, runs: 1, ready: 1, standIns: 1, simulated: 2 },
    ]);
  });

  it("shows a line for each part, with its address, and one for all", () => {
    const row = { part: "gateway", pods: 2, runs: 2, ready: 1, standIns: 0, simulated: 0 };
    const text = partTable([row], { gateway: "http://127.0.0.1:30080" });
    assert.deepEqual(text.split("\n"), [
      "  part                pods  runs            stand-in  simulated  address",
      "  gateway             2     2 (1 ready)     -         -          http://127.0.0.1:30080",
      "  all                 2     2 (1 ready)     -         -",
    ]);
  });

  it("is followed by lists of simulated, differing and stand-in images", () => {
    const text = differences({
      index: { exact: {}, apps: {} },
      missing: { "kibana:1": "no registry" },
      differs: { "kafka:1": "other scripts", "logstash:1": "other program" },
      standIns: ["logstash:1"],
    });
    assert.deepEqual(text.split("\n"), [
      "Simulated, because their images cannot be assembled here:",
      "  kibana:1: no registry",
      "Runs, but differs from the official image:",
      "  kafka:1: other scripts",
      "Has a stand-in, which is not the official program in any version:",
      "  logstash:1: other program",
    ]);
  });
});

function pod(
  namespace: string,
  spec: Parameters<typeof rows>[0][number]["spec"],
  status: object,
): Parameters<typeof rows>[0][number] {
  return { metadata: { namespace, name: "some" }, spec, status };
}
