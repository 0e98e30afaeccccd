import assert from "node:assert/strict";
import {
  agentConfig,
  gatewayConfig,
  type CollectorConfig,
} from "../../../../components/tracing/collector-config";
import { gatewaySizing, goMemoryLimit } from "../../../../components/tracing/sizing";
import { tempoConfig } from "../../../../components/tracing/tempo-config";

const sampling = { percent: 10, slowerThan: 2, wait: 10 };
const gateway = gatewayConfig(sampling, 4000, "tempo:4317");

describe("the collectors' configuration", () => {
  for (const [name, config] of [
    ["agent", agentConfig("otel-gateway")],
    ["gateway", gateway],
  ] as [string, CollectorConfig][]) {
    it(`of the ${name} uses in its pipeline exactly the components that it declares`, () => {
      const { receivers, processors, exporters } = config.service.pipelines.traces;
      assert.deepEqual([...receivers].sort(), Object.keys(config.receivers).sort());
      assert.deepEqual([...processors].sort(), Object.keys(config.processors).sort());
      assert.deepEqual([...exporters].sort(), Object.keys(config.exporters).sort());
      assert.deepEqual(config.service.extensions, Object.keys(config.extensions));
    });

    it(`of the ${name} limits memory first and batches last`, () => {
      const { processors } = config.service.pipelines.traces;
      assert.equal(processors[0], "memory_limiter");
      assert.equal(processors.at(-1), "batch");
    });

    it(`of the ${name} uses no former name of a component`, () => {
      const { receivers, processors, exporters } = config;
      const names = [receivers, processors, exporters].flatMap((part) => Object.keys(part));
      for (const former of ["k8sattributes", "loadbalancing", "otlphttp"]) {
        assert.ok(!names.includes(former), former);
      }
    });
  }

  it("keeps every trace with an error, every slow one, and a share of the rest", () => {
    const { policies } = gateway.processors["tail_sampling"] as { policies: object[] };
    assert.deepEqual(policies, [
      { name: "errors", type: "status_code", status_code: { status_codes: ["ERROR"] } },
      { name: "slow", type: "latency", latency: { threshold_ms: 2000 } },
      { name: "share", type: "probabilistic", probabilistic: { sampling_percentage: 10 } },
    ]);
  });

  it("remembers what it decided for longer than it holds traces", () => {
    const { num_traces, decision_cache } = gateway.processors["tail_sampling"] as {
      num_traces: number;
      decision_cache: { sampled_cache_size: number; non_sampled_cache_size: number };
    };
    assert.equal(num_traces, 4000);
    assert.ok(decision_cache.sampled_cache_size > num_traces);
    assert.ok(decision_cache.non_sampled_cache_size > num_traces);
  });
});

describe("the memory of a sampling collector", () => {
  for (const [replicas, tracesPerSecond, wait, traces, memory] of [
    [1, 20, 10, 400, 512],
    [1, 200, 10, 4000, 512],
    [2, 200, 10, 4000, 512],
    [3, 2000, 10, 20_000, 896],
    [3, 2000, 30, 60_000, 1792],
    [5, 10_000, 10, 50_000, 1664],
  ] as const) {
    it(`of ${replicas}, for ${tracesPerSecond} traces a second and ${wait} s: ${memory} MiB`, () => {
      assert.deepEqual(gatewaySizing({ replicas, tracesPerSecond, wait }), { traces, memory });
    });
  }

  it("is used by Go up to 80%", () => assert.equal(goMemoryLimit(512), "409MiB"));
});

describe("Tempo's configuration", () => {
  it("keeps everything on its volume, and sends no usage data", () => {
    const { storage, compactor, usage_report: report } = tempoConfig(604_800);
    assert.equal(storage.trace.backend, "local");
    for (const { path } of [storage.trace.wal, storage.trace.local]) {
      assert.match(path, /^\/var\/tempo\//);
    }
    assert.equal(compactor.compaction.block_retention, "604800s");
    assert.equal(report.reporting_enabled, false);
  });
});
