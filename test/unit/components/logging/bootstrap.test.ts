import assert from "node:assert/strict";
import {
  startRecordingServer,
  runBootstrap,
  type RecordingServer,
} from "../../../support/bootstrap";
import { bootstrap, settings } from "./bootstrap";
import { passwords, SimulatedServers } from "./simulated-servers";

describe("the bootstrap of Elasticsearch and Kibana", () => {
  let fake: SimulatedServers;
  let server: RecordingServer;
  beforeEach(async () => {
    fake = new SimulatedServers();
    server = await startRecordingServer(fake.answer);
  });
  afterEach(() => server.close());

  const everything = [
    "PUT /_ilm/policy/applogs",
    "PUT /_index_template/applogs-online",
    "PUT /_security/role/logstash_writer",
    "PUT /_security/role/monitoring_reader",
    "PUT /_security/user/kibana_system/_password",
    "PUT /_security/user/logstash",
    "PUT /_security/user/exporter",
    "PUT /_data_stream/applogs-online-news.example.com",
    "PUT /_data_stream/applogs-online-platform",
    "PUT /_data_stream/applogs-online-shop.example.com",
    "POST /api/data_views/data_view",
    "POST /api/data_views/data_view",
    "POST /api/data_views/data_view",
    "POST /api/data_views/data_view",
    "POST /api/saved_objects/_import?overwrite=true",
  ];

  it("creates everything in the first run, the template before the streams that need it", async () => {
    const { code, stderr } = await bootstrap(server, {}, runBootstrap);
    assert.equal(code, 0, stderr);
    assert.deepEqual(server.writes(), everything);
    assert.equal(fake.passwords["kibana_system"], passwords.kibana_system);
    const view = "/api/data_views/data_view/applogs-online-shop.example.com";
    assert.deepEqual(fake.stored.get(view), {
      data_view: {
        id: "applogs-online-shop.example.com",
        name: "shop.example.com (online)",
        title: "applogs-online-shop.example.com",
        timeFieldName: "@timestamp",
        version: "1",
      },
    });
  });

  it("changes nothing in a second run", async () => {
    await bootstrap(server);
    const { code, stdout } = await bootstrap(server);
    assert.equal(code, 0);
    assert.deepEqual(server.writes(), []);
    assert.match(stdout, /Nothing to change/);
  });

  it("completes a failed run, and does nothing twice", async () => {
    fake.failOnce = /PUT \/_security\/user\/logstash/;
    const failed = await bootstrap(server);
    assert.equal(failed.code, 1);
    assert.match(failed.stderr, /PUT \/_security\/user\/logstash answered 503/);
    const done = server.writes().length;
    const { code } = await bootstrap(server);
    assert.equal(code, 0);
    assert.deepEqual(server.writes(), everything.slice(done - 1));
  });

  it("gives up immediately with a wrong password, changes nothing and never prints it", async () => {
    fake.passwords["elastic"] = "another";
    const { code, stdout, stderr } = await bootstrap(server);
    assert.equal(code, 2);
    assert.match(stderr, /rejects the password of user elastic \(401\)/);
    assert.deepEqual(
      server.requests.map(({ method, path }) => `${method} ${path}`),
      ["GET /_security/_authenticate"],
    );
    assert.doesNotMatch(stdout + stderr, new RegExp(passwords.elastic));
  });

  it("adds a domain, and does not change the others", async () => {
    await bootstrap(server);
    await bootstrap(server, { domains: ["shop.example.com", "news.example.com", "a.example.com"] });
    assert.deepEqual(server.writes(), [
      "PUT /_data_stream/applogs-online-a.example.com",
      "POST /api/data_views/data_view",
    ]);
  });

  it("changes the retention of lines", async () => {
    await bootstrap(server);
    await bootstrap(server, { retentionDays: 20 });
    assert.deepEqual(server.writes(), ["PUT /_ilm/policy/applogs"]);
  });

  it("restores a password that somebody changed by hand, and a role that was removed", async () => {
    await bootstrap(server);
    fake.passwords["logstash"] = "by hand";
    const user = { username: "exporter", roles: [], enabled: true };
    fake.stored.set("/_security/user/exporter", { exporter: user });
    await bootstrap(server);
    assert.deepEqual(server.writes(), [
      "PUT /_security/user/logstash",
      "PUT /_security/user/exporter",
    ]);
    assert.equal(fake.passwords["logstash"], passwords.logstash);
  });

  it("waits for Kibana only for a limited time, after Elasticsearch is done", async () => {
    fake.kibanaStatus = 503;
    const { code, stderr } = await bootstrap(server);
    assert.equal(code, 1);
    assert.match(stderr, /Kibana is not ready after 1 s/);
    assert.deepEqual(server.writes(), everything.slice(0, 10));
  });

  it("keeps lines for ten days, and creates an index per day", () => {
    const [policy, template] = settings().objects;
    assert.deepEqual(policy?.body, {
      policy: {
        phases: {
          hot: {
            min_age: "0ms",
            actions: { rollover: { max_age: "1d", max_primary_shard_size: "50gb" } },
          },
          delete: { min_age: "10d", actions: { delete: { delete_searchable_snapshot: true } } },
        },
      },
    });
    const body = template?.body as {
      index_patterns: string[];
      priority: number;
      template: { settings: { index: object } };
    };
    assert.deepEqual(body.index_patterns, ["applogs-online-*"]);
    assert.ok(body.priority > 100, "Elasticsearch's own templates would win");
    assert.deepEqual(body.template.settings.index, {
      lifecycle: { name: "applogs" },
      number_of_shards: "1",
      number_of_replicas: "1",
      codec: "best_compression",
      refresh_interval: "30s",
    });
  });

  it("gives no user more than it needs", () => {
    const roles = settings().objects.slice(2);
    assert.deepEqual(
      roles.map(({ body }) => body),
      [
        {
          cluster: ["monitor"],
          indices: [{ names: ["applogs-online-*"], privileges: ["create_doc", "auto_configure"] }],
        },
        {
          cluster: ["monitor"],
          indices: [{ names: ["*"], privileges: ["monitor", "view_index_metadata"] }],
        },
      ],
    );
  });
});
