import assert from "node:assert/strict";
import { z } from "zod";
import { elasticsearchSettings } from "../../../../components/logging/elasticsearch-config";
import { filebeatConfig } from "../../../../components/logging/filebeat-config";

// test/integration/logging.test.ts uses the real servers: Elasticsearch of the pinned version (from Maven Central), and
// Filebeat 7.17, the newest in the Go module proxy; no registry has Filebeat 9, Logstash or Kibana. Filebeat ignores
// unknown keys, so a real one does not detect a misspelled option. These schemas contain only the options of the
// references, so a name that is misspelled or in the wrong place fails.
const duration = z.string().regex(/^\d+(ms|s|m|h)$/);
const pattern = z.string().refine((text) => new RegExp(text) instanceof RegExp);

const multiline = z.strictObject({
  type: z.enum(["pattern", "count", "while_pattern"]),
  pattern,
  negate: z.boolean().optional(),
  match: z.enum(["after", "before"]),
  max_lines: z.int().positive().optional(),
  timeout: duration.optional(),
  flush_pattern: pattern.optional(),
  skip_newline: z.boolean().optional(),
});

const parser = z.union([
  z.strictObject({
    container: z.strictObject({
      stream: z.enum(["all", "stdout", "stderr"]),
      format: z.enum(["auto", "docker", "cri"]),
    }),
  }),
  z.strictObject({ multiline }),
]);

const kubernetesMetadata = z.strictObject({
  when: z.strictObject({ equals: z.record(z.string(), z.string()) }),
  host: z.string(),
  default_indexers: z.strictObject({ enabled: z.boolean() }),
  default_matchers: z.strictObject({ enabled: z.boolean() }),
  indexers: z.array(z.strictObject({ container: z.strictObject({}) })),
  matchers: z.array(z.strictObject({ logs_path: z.strictObject({ logs_path: z.string() }) })),
  add_resource_metadata: z.strictObject({
    deployment: z.boolean(),
    cronjob: z.boolean(),
    namespace: z.strictObject({ enabled: z.boolean() }),
    node: z.strictObject({ enabled: z.boolean() }),
  }),
});

const filestream = z.strictObject({
  type: z.literal("filestream"),
  id: z.string().min(1),
  message_max_bytes: z.int().positive(),
  enabled: z.boolean(),
  paths: z.array(z.string().startsWith("/")).min(1),
  parsers: z.array(parser),
  fields: z.record(z.string(), z.string()),
  fields_under_root: z.boolean(),
  file_identity: z.strictObject({ fingerprint: z.strictObject({ growing: z.boolean() }) }),
  prospector: z.strictObject({
    scanner: z.strictObject({
      check_interval: duration,
      fingerprint: z.strictObject({ enabled: z.boolean(), length: z.int().min(64).optional() }),
      symlinks: z.boolean().optional(),
      exclude_files: z.array(pattern).optional(),
    }),
  }),
  close: z.strictObject({ on_state_change: z.strictObject({ inactive: duration }) }),
  ignore_older: duration,
  clean_inactive: duration,
});

const kafka = z.strictObject({
  hosts: z.array(z.string().regex(/^[^:]+:\d+$/)).min(1),
  topic: z.string().min(1),
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  required_acks: z.union([z.literal(-1), z.literal(0), z.literal(1)]),
  max_retries: z.int().min(-1),
  compression: z.enum(["none", "snappy", "lz4", "gzip", "zstd"]),
  max_message_bytes: z.int().positive(),
  bulk_max_size: z.int().positive(),
  "partition.hash": z.strictObject({ hash: z.array(z.string()), reachable_only: z.boolean() }),
  username: z.string().optional(),
  password: z
    .string()
    .regex(/^\$\{\w+\}$/)
    .optional(),
  "sasl.mechanism": z.enum(["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]).optional(),
  "ssl.certificate_authorities": z.array(z.string()).optional(),
});

const filebeat = z.strictObject({
  "filebeat.inputs": z.array(filestream).min(1),
  "path.data": z.string().startsWith("/"),
  "logging.level": z.enum(["debug", "info", "warning", "error"]),
  "logging.to_stderr": z.boolean(),
  "queue.mem": z.strictObject({
    events: z.int().positive(),
    "flush.min_events": z.int().positive(),
    "flush.timeout": duration,
  }),
  processors: z.array(
    z.union([
      z.strictObject({ add_kubernetes_metadata: kubernetesMetadata }),
      z.strictObject({
        drop_fields: z.strictObject({ fields: z.array(z.string()), ignore_missing: z.boolean() }),
      }),
      z.strictObject({ add_fields: z.strictObject({ target: z.string(), fields: z.object() }) }),
    ]),
  ),
  "output.kafka": kafka,
  http: z.strictObject({ enabled: z.boolean(), host: z.string(), port: z.int() }),
  "setup.ilm.enabled": z.boolean(),
  "setup.template.enabled": z.boolean(),
});

const ssl = (layer: string) => ({
  [`xpack.security.${layer}.ssl.enabled`]: z.boolean(),
  [`xpack.security.${layer}.ssl.key`]: z.string(),
  [`xpack.security.${layer}.ssl.certificate`]: z.string(),
  [`xpack.security.${layer}.ssl.certificate_authorities`]: z.array(z.string()),
});

const elasticsearch = z.strictObject({
  "cluster.name": z.string(),
  "node.name": z.string(),
  "network.host": z.string(),
  "http.publish_host": z.string(),
  "readiness.port": z.int(),
  "discovery.type": z.literal("single-node").optional(),
  "discovery.seed_hosts": z.array(z.string()).optional(),
  "cluster.initial_master_nodes": z.array(z.string()).optional(),
  "node.attr.zone": z.string().optional(),
  "cluster.routing.allocation.awareness.attributes": z.string().optional(),
  "node.store.allow_mmap": z.boolean(),
  "action.auto_create_index": z.string(),
  "xpack.security.enabled": z.literal(true),
  "xpack.security.autoconfiguration.enabled": z.boolean(),
  "xpack.security.enrollment.enabled": z.boolean(),
  ...ssl("transport"),
  "xpack.security.transport.ssl.verification_mode": z.enum(["full", "certificate", "none"]),
  ...ssl("http"),
  "ingest.geoip.downloader.enabled": z.boolean(),
});

/** Returns the errors of a schema; empty if the value is valid. */
function problems(schema: z.ZodType, value: unknown): string[] {
  const { error } = schema.safeParse(value);
  return (error?.issues ?? []).map(({ path, message }) => `${path.join(".")}: ${message}`);
}

describe("configs of the log pipeline", () => {
  for (const user of [undefined, "filebeat"]) {
    it(`filebeat.yml has only existing options, ${user === undefined ? "without" : "with"} a login`, () => {
      const servers = ["kafka-0.kafka:9092"];
      const config = filebeatConfig({
        environment: "dev",
        kafka: { servers, topic: "logs", user },
      });
      assert.deepEqual(problems(filebeat, config), []);
    });
  }

  it("distinguishes files of directories by more bytes than the probes' lines at their beginning", () => {
    // Without it, test/integration/logging.test.ts loses the second of two such files.
    const config = filebeatConfig({ environment: "dev", kafka: { servers: ["k:1"], topic: "t" } });
    const { "filebeat.inputs": inputs } = filebeat.parse(config);
    const directories = inputs.filter(({ paths }) => !paths[0]?.startsWith("/var/log/"));
    assert.ok(directories.length > 0);
    for (const { id, prospector, message_max_bytes: bytes } of directories) {
      assert.ok((prospector.scanner.fingerprint.length ?? 1024) >= 8192, id);
      assert.ok(bytes < 1_000_000, id);
    }
  });

  for (const nodes of [1, 3]) {
    it(`elasticsearch.yml of ${nodes} has only existing settings`, () => {
      for (const formed of [false, true]) {
        const settings = elasticsearchSettings({
          nodes,
          memoryMap: false,
          formed,
          zones: nodes > 1,
        });
        assert.deepEqual(problems(elasticsearch, settings), []);
        assert.equal("cluster.initial_master_nodes" in settings, nodes > 1 && !formed);
      }
    });
  }

  it("a misspelt option, or one in the wrong place, is found", () => {
    const config = filebeatConfig({ environment: "dev", kafka: { servers: ["k:1"], topic: "t" } });
    assert.deepEqual(problems(filebeat, { ...config, "setup.ilm.enable": false }), [
      ': Unrecognized key: "setup.ilm.enable"',
    ]);
  });
});
