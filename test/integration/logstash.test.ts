import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "../../components/logging/logstash-config";
import { pipelineText } from "../../components/logging/pipeline-text";
import { logstashFolder } from "../../local/toolchain/logstash";
import { shortRun, skipWithoutJava } from "../support/java";
import { filtered, type LogEvent } from "../support/logstash";

describe("the stand-in for Logstash on real nodes", function () {
  this.timeout(300_000);
  const folder = mkdtempSync(join(tmpdir(), "logstash-"));
  const declared = pipeline({
    environment: "dev",
    domains: { shop: "shop.example.com" },
    kafka: { servers: ["kafka:9092"], topic: "logs" },
    consumerThreads: 1,
    elasticsearch: { url: "https://elasticsearch:9200", user: "logstash" },
  });
  let classes: string;
  const tried = (text: string, events: LogEvent[]) => {
    const file = join(folder, "logstash.conf");
    writeFileSync(file, text);
    const program = ["-cp", `${classes}:${classes}/*`, "Logstash", file, "try"];
    return spawnSync("java", [...shortRun, ...program], {
      encoding: "utf8",
      input: events.map((event) => `${JSON.stringify(event)}\n`).join(""),
      env: { PATH: process.env["PATH"], POD_NAME: "logstash-0", ELASTICSEARCH_PASSWORD: "x" },
    });
  };

  before(async function () {
    skipWithoutJava(this, "it is compiled from Java, with Kafka's client");
    classes = await logstashFolder();
  });
  after(() => rmSync(folder, { recursive: true }));

  it("reads the declared pipeline's text, and processes events like the unit tests' stub", () => {
    const labels = (name: string, part: string) => ({
      kubernetes: {
        namespace: name === "traefik" ? "gateway" : "commerce-dev",
        labels: {
          "app_kubernetes_io/name": name,
          "app_kubernetes_io/part-of": part,
        },
      },
    });
    const access = {
      RequestMethod: "GET",
      RequestPath: "/a",
      RequestHost: "Shop.example.com",
      DownstreamStatus: 200,
      Duration: 5,
      ServiceName: "commerce-dev-shop-canary-http-80@kubernetesgateway",
    };
    const events: LogEvent[] = [
      { message: "a", ltype: "containers", ...labels("shop", "apps") },
      { message: "b", ltype: "containers", ...labels("other", "apps") },
      { message: "c", ltype: "containers" },
      { message: JSON.stringify(access), ltype: "containers", ...labels("traefik", "gateway") },
      { message: '{"DownstreamStatus":oops', ltype: "containers", ...labels("other", "gateway") },
    ];
    const { stdout, stderr, status } = tried(pipelineText(declared), events);
    assert.equal(status, 0, stderr);
    const made = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as LogEvent);
    const expected = events.map((event) => {
      const sent = filtered(event, declared);
      delete sent["@metadata"];
      return JSON.parse(JSON.stringify(sent)) as LogEvent;
    });
    for (const event of [...made, ...expected]) {
      // Either leaves an empty object of event.original, which the pipeline removes, or none.
      if (Object.keys(event["event"] ?? {}).length === 0) delete event["event"];
    }
    assert.deepEqual(made, expected);
  });

  it("reads domain, pod and file from the path of an app's log", () => {
    const path = "/data/nodelogs/dev/devlogs/shop.example.com/shop-1/app.log";
    const { stdout } = tried(pipelineText(declared), [
      { ltype: "devlogs", log: { file: { path } } },
    ]);
    const { domain, kubernetes, log } = JSON.parse(stdout) as LogEvent;
    assert.equal(domain, "shop.example.com");
    assert.deepEqual(kubernetes, { pod: { name: "shop-1" } });
    assert.deepEqual(log, { file: { path, name: "app.log" } });
  });

  it("refuses a setting or a plugin that it does not know", () => {
    const text = pipelineText(declared);
    for (const [wrong, message] of [
      [text.replace("lowercase", "uppercase"), /mutate: expected a setting .* got uppercase/],
      [text.replace("dissect {", "grok {"), /grok: expected a setting .* got mapping/],
      [text.replace("filter {", "filter"), /pipeline: expected \{, got if/],
    ] as const) {
      const { stderr, status } = tried(wrong, []);
      assert.equal(status, 1);
      assert.match(stderr, message);
    }
  });
});
