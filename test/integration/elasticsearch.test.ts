import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { request } from "node:https";
import { stringify } from "yaml";
import { bootstrapSettings } from "../../components/logging/bootstrap-settings";
import { elasticsearchSettings } from "../../components/logging/elasticsearch-config";
import { dataStream } from "../../components/logging/streams";
import { elasticsearchHome, elasticsearchLacks } from "../../local/toolchain/elasticsearch";
import { smallLoggingSize } from "../support/logging";
import { runBootstrap } from "../support/bootstrap";
import { ElasticsearchNode } from "../support/elasticsearch";
import { skipWithoutJava } from "../support/java";

const passwords = {
  elastic: "elastic-password",
  kibana_system: "kibana-password",
  logstash: "logstash-password",
  exporter: "exporter-password",
};
const domain = "shop.example.com";
const stream = dataStream("dev", domain);

describe("the Elasticsearch of real nodes", function () {
  this.timeout(600_000);
  let node: ElasticsearchNode;
  const settings = stringify(
    elasticsearchSettings({ nodes: 1, memoryMap: false, formed: false, zones: false }),
  );

  before(async function () {
    skipWithoutJava(this, "the server comes by Maven and runs on Java");
    const lacks = elasticsearchLacks();
    if (lacks !== undefined) {
      console.log(`      skipped: Elasticsearch needs ${lacks}`);
      this.skip();
    }
    node = new ElasticsearchNode(await elasticsearchHome(), passwords.elastic);
    await node.keep("s3.client.default.access_key", "key");
    await node.start(settings);
  });
  after(() => node?.stop());

  const bootstrap = () => {
    const { objects, users, streams } = bootstrapSettings({
      environment: "dev",
      domains: [domain],
      retentionDays: 10,
      size: smallLoggingSize(1).elasticsearch,
    });
    const wanted = { elasticsearch: node.url, objects, users, streams };
    const trust = { NODE_EXTRA_CA_CERTS: node.authority };
    return runBootstrap("logging/bootstrap/logging.mjs", wanted, passwords, trust);
  };

  function call(login: string | undefined, method: string, path: string, body?: string) {
    return new Promise<{ status?: number; text: string }>((resolve, reject) => {
      const options = {
        method,
        ca: readFileSync(node.authority),
        auth: login,
        headers: { "content-type": "application/json" },
      };
      request(`${node.url}${path}`, options, (response) => {
        let text = "";
        response.on("data", (data: Buffer) => (text += data.toString()));
        response.on("end", () => resolve({ status: response.statusCode, text }));
      })
        .on("error", reject)
        .end(body);
    });
  }
  const login = (user: keyof typeof passwords) => `${user}:${passwords[user]}`;
  const line = `{"create":{}}\n${JSON.stringify({ "@timestamp": "2026-11-01T00:00:00Z", message: "a", domain })}\n`;

  it("rejects requests without a password or with a wrong one, as the security module does", async () => {
    for (const wrong of [undefined, "elastic:other", "nobody:x", login("kibana_system")]) {
      const { status, text } = await call(wrong, "GET", "/_cluster/health");
      assert.equal(status, 401, wrong);
      // What the health script looks for.
      assert.match(text, /"status":401/);
    }
  });

  it("accepts what the bootstrap Job creates, over TLS and with its users; a second run changes nothing", async () => {
    const first = await bootstrap();
    assert.equal(first.code, 0, first.stderr);
    for (const made of [
      "_ilm/policy/applogs created",
      "User logstash updated",
      `${stream} created`,
    ]) {
      assert.ok(first.stdout.includes(made), first.stdout);
    }
    const second = await bootstrap();
    assert.equal(second.code, 0, second.stderr);
    assert.match(second.stdout, /Nothing to change/);
  });

  it("lets Logstash's user write lines and do nothing else", async () => {
    const written = await call(login("logstash"), "POST", `/${stream}/_bulk`, line);
    assert.match(written.text, /"status":201/);
    const elsewhere = await call(login("logstash"), "POST", "/applogs-other-x/_bulk", line);
    assert.match(elsewhere.text, /"status":403/);
    for (const [method, path, body] of [
      ["GET", `/${stream}/_search`],
      ["DELETE", `/${stream}`],
      ["PUT", "/_security/user/logstash", "{}"],
    ] as const) {
      const { status, text } = await call(login("logstash"), method, path, body);
      assert.equal(status, 403, `${path}: ${text}`);
    }
  });

  it("lets the exporter's user read statistics, but no lines", async () => {
    for (const path of [
      "/",
      "/_cluster/health",
      "/_nodes/stats",
      "/_all/_stats",
      "/_all/_settings",
    ]) {
      const { status, text } = await call(login("exporter"), "GET", path);
      assert.equal(status, 200, `${path}: ${text}`);
    }
    const { status } = await call(login("exporter"), "GET", `/${stream}/_search`);
    assert.equal(status, 403);
    const { text } = await call(login("exporter"), "POST", `/${stream}/_bulk`, line);
    assert.match(text, /"status":403/);
  });

  it("keeps lines, users, objects and the password of its first start when it restarts", async () => {
    await call(login("elastic"), "POST", `/${stream}/_refresh`);
    await node.end();
    await node.start(settings);
    // A node that has started reads its state, and then opens the shards one after the other.
    const opened = `/_cluster/health/${stream}?wait_for_status=yellow&timeout=60s`;
    assert.match((await call(login("elastic"), "GET", opened)).text, /"timed_out":false/);
    const { stdout, stderr } = await bootstrap();
    assert.match(stdout, /Nothing to change/, stderr);
    const { text } = await call(login("elastic"), "GET", `/${stream}/_count`);
    assert.match(text, /"count":1,/);
  });
});
