import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { bootstrapSettings } from "../../components/logging/bootstrap-settings";
import { elasticsearchSettings } from "../../components/logging/elasticsearch-config";
import { kafkaHosts, topic } from "../../components/logging/kafka-config";
import { dataStream } from "../../components/logging/streams";
import { exporters } from "../../components/monitoring/exporters";
import { binary } from "../../local/toolchain/install";
import { smallLoggingSize } from "../support/logging";
import { freePort } from "../support/backup";
import { elasticsearchHome, elasticsearchLacks } from "../../local/toolchain/elasticsearch";
import { ElasticsearchNode } from "../support/elasticsearch";
import { Filebeat } from "../support/filebeat";
import { skipWithoutJava } from "../support/java";
import { KafkaNode } from "../support/kafka";
import { kafkaJars } from "../../local/toolchain/jars";
import { runBehindProxy } from "../support/logging-proxy";
import { containerFill, expectedEvents, writeLogs } from "../support/sample-logs";
import { findMissingMetrics } from "../support/scrape";
import { images } from "../../versions/images";

const environment = "dev";
const domains = ["news.example.com", "shop.example.com"];
const size = smallLoggingSize(domains.length);

interface Event {
  message: string;
  stream?: string;
  ltype: string;
  log: { file: { path: string } };
}

/** One Kafka, one Elasticsearch and one Filebeat for all of these tests. */
describe("the log pipeline's real servers", function () {
  this.timeout(600_000);
  let kafka: KafkaNode | undefined;
  let elasticsearch: ElasticsearchNode | undefined;
  let filebeat: Filebeat | undefined;
  let home: string;
  let url: string;
  let events: Event[] = [];
  const work = mkdtempSync(join(tmpdir(), "logging-work-"));
  const settings = (change: { nodes: number; formed?: boolean; zones?: boolean }) =>
    stringify(elasticsearchSettings({ memoryMap: false, formed: false, zones: false, ...change }));

  before(async function () {
    skipWithoutJava(this, "both servers come by Maven and run on Java");
    const lacks = elasticsearchLacks();
    if (lacks !== undefined) {
      console.log(`      skipped: Elasticsearch needs ${lacks}`);
      this.skip();
    }
    const jars = await kafkaJars(images.kafka.tag);
    home = await elasticsearchHome();
    kafka = new KafkaNode(jars, {
      size: size.kafka,
      bufferHours: 24,
      security: "plaintext",
      certificates: { secret: "none", createdBy: [] },
    });
    elasticsearch = new ElasticsearchNode(home);
    await Promise.all([kafka.start(), elasticsearch.start(settings({ nodes: 1 }))]);
    url = elasticsearch.url;
    const made = await kafka.makeTopic();
    assert.equal(made.code, 0, made.stderr);
    filebeat = new Filebeat();
    writeLogs(filebeat);
    const hosts = ["localhost", "kafka", ...kafkaHosts(1)];
    filebeat.start(kafka.address, environment, hosts, await freePort());
  });
  after(async function () {
    this.timeout(60_000);
    await filebeat?.stop();
    await Promise.all([kafka?.stop(), elasticsearch?.stop()]);
    rmSync(work, { recursive: true });
  });

  const ofFile = (part: string) => events.filter(({ log }) => log.file.path.includes(part));

  it("Filebeat reads every line of two files that begin with the same 1.3 KB", async () => {
    assert.ok(kafka);
    // It ends with the last line, or when none came for so long: Filebeat is still starting.
    const consume = ["--topic", topic, "--from-beginning", "--timeout-ms", "120000"];
    const texts = await kafka.tool(
      "kafka-console-consumer.sh",
      ...[...consume, "--max-messages", String(expectedEvents)],
    );
    events = texts
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line) as Event);
    assert.equal(ofFile("shop-a/access.log").length, 214, filebeat?.printed);
    assert.equal(ofFile("shop-b/access.log").length, 214);
  });

  it("Filebeat truncates a line that is too long, whatever its characters, and drops none", () => {
    const lines = ofFile("shop-a/dev.log").map(({ message }) => message);
    assert.deepEqual(
      lines.slice(0, 4).map((line) => [line.slice(0, 6), line.length]),
      [
        ["before", 6],
        // JSON needs six bytes for each of these.
        ["\u0001\u0001\u0001\u0001\u0001\u0001", 900_000],
        ["xxxxxx", 900_000],
        ["after", 5],
      ],
    );
  });

  it("Filebeat does not join a line of stdout to a trace of stderr", () => {
    const printed = (stream: string) =>
      ofFile("web-1_shop").flatMap((event) => (event.stream === stream ? [event.message] : []));
    assert.deepEqual(printed("stdout"), ["GET / 200", ...containerFill]);
    assert.deepEqual(printed("stderr"), [
      "ERROR x\njava.lang.RuntimeException: boom\n\tat a.b.C.d(C.java:1)",
    ]);
  });

  it("Kafka reports that the node is in sync, and that it is the only one", async () => {
    const started = await kafka!.inSync("caught-up");
    assert.deepEqual([started.code, started.stdout], [0, ""], started.stderr);
    // A single node is always needed, but stops at the time limit.
    const stopping = await kafka!.inSync("may-stop");
    assert.equal(stopping.code, 0, stopping.stderr);
    assert.match(stopping.stdout, /^Still needed for:\n\s*Topic: logs\s+Partition: 0\s.*Isr: 0\s/);
  });

  it("Elasticsearch knows every setting of a cluster of three, and reads its certificates", async () => {
    const node = new ElasticsearchNode(home);
    try {
      assert.match(await node.check(settings({ nodes: 3, zones: true })), /^settings accepted$/m);
    } finally {
      await node.stop();
    }
  });

  it("Elasticsearch accepts what the bootstrap creates; a second run changes nothing", async () => {
    const first = await bootstrap(environment);
    assert.equal(first.code, 0, first.stderr);
    assert.match(first.stdout, /_ilm\/policy\/applogs created/);
    const second = await bootstrap(environment);
    assert.equal(second.code, 0, second.stderr);
    assert.match(second.stdout, /Nothing to change/);
    const { status } = await call("PUT", "/_ilm/policy/x", {
      policy: { phases: { hot: { a: 1 } } },
    });
    assert.equal(status, 400, "the stand-in accepts what is wrong");
  });

  it("Elasticsearch accepts the template of another environment next to the streams of the first", async () => {
    for (const other of ["gray", "dev-a"]) {
      const { code, stderr } = await bootstrap(other);
      assert.equal(code, 0, stderr);
    }
  });

  it("Elasticsearch indexes what Filebeat sent, and finds it", async () => {
    const index = dataStream(environment, "shop.example.com");
    const lines = events
      .filter(({ message }) => message.length < 10_000)
      .flatMap((event) => [{ create: { _index: index } }, event]);
    const body = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
    const { answer } = await call("POST", "/_bulk?refresh=true", body);
    const items = (answer as { errors: boolean; items: { create: { status: number } }[] }).items;
    assert.deepEqual([...new Set(items.map(({ create }) => create.status))], [201]);
    const found = await call("GET", `/${index}/_count?q=ltype:accesslogs`);
    assert.equal((found.answer as { count: number }).count, 428);
  });

  it("the health of Elasticsearch lets a node count as started, and lets it stop", async () => {
    const settled = (question: string) =>
      spawnSync("sh", ["components/logging/elasticsearch/settled.sh", question], {
        encoding: "utf8",
        env: {
          PATH: process.env["PATH"],
          URL: url,
          CA: "/dev/null",
          WORK: work,
          ELASTIC_PASSWORD: "password",
          LIMIT: "1",
          GRACE: "0",
        },
      });
    // Shards of indices that were just made are put in order first.
    await call("GET", "/_cluster/health?wait_for_status=green&timeout=60s");
    assert.equal(settled("started").status, 0);
    assert.equal(settled("may-stop").status, 0);
    await call("PUT", "/applogs-yellow", { settings: { number_of_replicas: 1 } });
    const quiet = "wait_for_status=yellow&wait_for_no_initializing_shards=true&timeout=60s";
    await call("GET", `/_cluster/health?${quiet}`);
    // Nothing can be allocated: a shard has no second copy without a second node.
    const answers = Array.from({ length: 7 }, () => settled("started").status);
    assert.deepEqual(answers.slice(0, 6), [1, 1, 1, 1, 1, 0]);
    await call("DELETE", "/applogs-yellow");
  });

  it("the exporter of the pinned version has every metric that rules and dashboards name", async () => {
    const port = await freePort();
    const child = spawn(
      binary("elasticsearch-exporter"),
      [
        `--es.uri=${url}`,
        "--es.all",
        "--es.indices_settings",
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      { stdio: "ignore" },
    );
    try {
      const names = exporters["elasticsearch-exporter"];
      assert.deepEqual(await findMissingMetrics(`http://127.0.0.1:${port}/metrics`, names), []);
    } finally {
      child.kill();
    }
  });

  function bootstrap(of: string) {
    const wanted = bootstrapSettings({
      environment: of,
      domains,
      retentionDays: 10,
      size: size.elasticsearch,
    });
    return runBehindProxy(url, wanted);
  }

  async function call(method: string, path: string, body?: object | string) {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { "content-type": "application/json" },
      body: typeof body === "object" ? JSON.stringify(body) : body,
    });
    return { status: response.status, answer: await response.json() };
  }
});
