import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { exporters } from "../../components/monitoring/exporters";
import { agentConfig, gatewayConfig } from "../../components/tracing/collector-config";
import { ensureBinary } from "../../local/toolchain/install";
import { run } from "../../local/toolchain/run";
import { at, kubernetesObjects } from "../../render/objects";
import { Collector, type SentSpan } from "../support/collector";
import { findMissingMetrics } from "../support/scrape";
import { stackNames, stackRecording } from "../support/stacks";
import { until } from "../support/until";

const wait = 2;
const traceId = (number: number) => number.toString(16).padStart(32, "a");

describe("the real OpenTelemetry Collector with what the program declares", () => {
  const folder = mkdtempSync(join(tmpdir(), "collector-"));
  let otelcol: string;
  before(async () => {
    otelcol = await ensureBinary("otelcol");
  });
  after(() => rmSync(folder, { recursive: true }));

  for (const stack of stackNames) {
    it(`accepts every configuration of stack ${stack}`, async () => {
      const objects = kubernetesObjects((await stackRecording(stack)).registrations);
      const configs = objects.filter(
        ({ kind, metadata }) =>
          kind === "ConfigMap" && /^otel-(agent|gateway)-/.test(metadata.name),
      );
      assert.equal(configs.length, 2);
      for (const object of configs) {
        const file = join(folder, `${stack}-${object.metadata.name}.yaml`);
        writeFileSync(file, (at(object, "data") as { "config.yaml": string })["config.yaml"]);
        await run(otelcol, ["validate", `--config=${file}`], {
          env: { ...process.env, NODE_NAME: "node-1" },
        });
      }
    });
  }

  it("would refuse a setting that it does not know", async () => {
    const config = gatewayConfig({ percent: 1, slowerThan: 1, wait }, 100, "tempo:4317");
    const file = join(folder, "unknown.json");
    writeFileSync(file, JSON.stringify({ ...config, processors: { batch: { sizes: 1 } } }));
    await assert.rejects(run(otelcol, ["validate", `--config=${file}`]), /sizes/);
  });

  describe("on a node", () => {
    // The pod of a span comes from an API server, which this test does not have; it tests the processors before that.
    const config = agentConfig("127.0.0.1");
    delete config.processors["k8s_attributes"];
    const { traces } = config.service.pipelines;
    const order = traces.processors;
    traces.processors = order.filter((name) => name !== "k8s_attributes");
    const agent = new Collector(join(folder, "agent"), config);
    before(() => agent.start());
    after(() => agent.stop());

    it("drops what an app claims about its place in the cluster, and then looks it up", async () => {
      assert.ok(order.indexOf("resource/own") < order.indexOf("k8s_attributes"));
      const resource = {
        "service.name": "shop",
        "k8s.pod.name": "liar",
        "k8s.namespace.name": "kube-system",
        "k8s.deployment.name": "other",
      };
      await agent.send([{ traceId: traceId(1), name: "forged", resource }]);
      await until("the span arrives", 20, () => agent.arrived().length > 0);
      assert.deepEqual(agent.arrived()[0]?.resource, { "service.name": "shop" });
    });
  });

  describe("that samples", () => {
    const sampling = { percent: 10, slowerThan: 2, wait };
    const config = gatewayConfig(sampling, 1000, "127.0.0.1:1");
    // Tempo does not run. With these short timeouts, failed sends and a full queue are counted soon.
    Object.assign(config.exporters["otlp_grpc"] ?? {}, {
      sending_queue: { queue_size: 1, num_consumers: 1 },
      retry_on_failure: { initial_interval: "1s", max_interval: "1s", max_elapsed_time: "3s" },
    });
    const gateway = new Collector(join(folder, "gateway"), config);
    before(() => gateway.start());
    after(() => gateway.stop());

    it("keeps every trace with an error, every slow one, and a share of the rest", async () => {
      const spans = Array.from({ length: 240 }, (_, number): SentSpan => {
        const kind = number < 20 ? "error" : number < 40 ? "slow" : "usual";
        const seconds = kind === "slow" ? 3 : 0.1;
        return { traceId: traceId(number), name: kind, error: kind === "error", seconds };
      });
      await gateway.send(spans);
      const count = (kind: string) => gateway.arrived().filter(({ name }) => name === kind).length;
      await until(
        "the traces arrive",
        20,
        () => count("error") === 20 && count("slow") === 20 && count("usual") > 0,
      );
      await sleep(1000);
      assert.deepEqual([count("error"), count("slow")], [20, 20]);
      assert.ok(count("usual") > 2 && count("usual") < 60, String(count("usual")));
    });

    it("exposes every one of its metrics that rules and dashboards name", async () => {
      for (let number = 0; number < 20; number += 1) {
        await gateway.send([{ traceId: traceId(1000 + number), name: "error", error: true }]);
        await sleep(300);
      }
      assert.deepEqual(await findMissingMetrics(gateway.metrics, exporters.otelcol), []);
    });
  });
});
