import assert from "node:assert/strict";
import { bootstrapSettings } from "../../../components/logging/bootstrap-settings";
import { loggingSize } from "../../../components/logging/sizing";
import {
  recordingServer,
  runBootstrap,
  type Answer,
  type RecordedRequest,
  type RecordingServer,
} from "../../support/bootstrap";

const passwords = {
  elastic: "Elastic0",
  kibana_system: "Kibana0",
  logstash: "Logstash0",
  exporter: "Exporter0",
};

/** As much of both servers as the script uses, with what they were told in memory. */
class FakeServers {
  /** What is stored, by path. */
  stored = new Map<string, unknown>();
  passwords: Record<string, string> = { elastic: passwords.elastic, kibana_system: "unset" };
  /** Request that is answered with an error, once. */
  failOnce?: RegExp;
  kibanaStatus = 200;

  answer = (request: RecordedRequest): Answer => {
    const { method, path, user, body } = request;
    if (this.failOnce?.test(`${method} ${path}`)) {
      this.failOnce = undefined;
      return { status: 503, body: { error: "no master" } };
    }
    if (path === "/api/status") return { status: this.kibanaStatus };
    if (user === undefined || this.passwords[user.name] !== user.password) return { status: 401 };
    if (path === "/_security/_authenticate") return { status: 200, body: { username: user.name } };
    if (user.name !== "elastic") return { status: 403 };
    if (method === "GET") {
      const found = this.stored.get(path);
      return found === undefined ? { status: 404, body: {} } : { status: 200, body: found };
    }
    this.store(path, body as Record<string, unknown>);
    return { status: 200, body: { acknowledged: true } };
  };

  /** Keeps a body in the form in which the server gives it back. */
  private store(path: string, body: Record<string, unknown>): void {
    const [, , second, third, fourth] = path.split("/");
    if (path.startsWith("/_security/user/")) {
      this.passwords[third ?? ""] = String(body["password"]);
      if (fourth !== "_password") {
        const { roles, enabled } = body;
        this.stored.set(path, { [third ?? ""]: { username: third, roles, enabled, metadata: {} } });
      }
    } else if (path.startsWith("/_security/role/")) {
      this.stored.set(path, { [third ?? ""]: { ...body, applications: [], run_as: [] } });
    } else if (path.startsWith("/_ilm/policy/")) {
      this.stored.set(path, { [third ?? ""]: { version: 1, ...body } });
    } else if (path.startsWith("/_index_template/")) {
      const template = { ...body, composed_of: [] };
      this.stored.set(path, { index_templates: [{ name: second, index_template: template }] });
    } else if (path === "/api/data_views/data_view") {
      const view = body["data_view"] as { id: string };
      this.stored.set(`${path}/${view.id}`, { data_view: { ...view, version: "1" } });
    } else {
      this.stored.set(path, { data_streams: [{}] });
    }
  }
}

describe("the bootstrap of Elasticsearch and Kibana", () => {
  let fake: FakeServers;
  let server: RecordingServer;
  beforeEach(async () => {
    fake = new FakeServers();
    server = await recordingServer(fake.answer);
  });
  afterEach(() => server.close());

  const { elasticsearch: size } = loggingSize({
    linesPerDay: 1e6,
    bytesPerLine: 500,
    peakFactor: 3,
    retentionDays: 10,
    bufferHours: 24,
    domains: 2,
    highlyAvailable: true,
  });
  function settings(change: { domains?: string[]; retentionDays?: number } = {}) {
    return bootstrapSettings({
      environment: "online",
      domains: ["shop.example.com", "news.example.com"],
      retentionDays: 10,
      size,
      elasticsearch: server.url,
      kibana: server.url,
      ...change,
    });
  }
  const script = "logging/bootstrap/logging.mjs";
  async function run(change: Parameters<typeof settings>[0] = {}) {
    server.requests.length = 0;
    return runBootstrap(script, settings(change), passwords);
  }

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
  ];

  it("makes everything at first, the template before the streams that need it", async () => {
    const { code, stderr } = await run();
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

  it("changes nothing the second time", async () => {
    await run();
    const { code, stdout } = await run();
    assert.equal(code, 0);
    assert.deepEqual(server.writes(), []);
    assert.match(stdout, /Nothing to change/);
  });

  it("finishes what a failed run began, and does nothing twice", async () => {
    fake.failOnce = /PUT \/_security\/user\/logstash/;
    const failed = await run();
    assert.equal(failed.code, 1);
    assert.match(failed.stderr, /PUT \/_security\/user\/logstash answered 503/);
    const done = server.writes().length;
    const { code } = await run();
    assert.equal(code, 0);
    assert.deepEqual(server.writes(), everything.slice(done - 1));
  });

  it("gives up at once on a wrong password, changes nothing and never prints it", async () => {
    fake.passwords["elastic"] = "another";
    const { code, stdout, stderr } = await run();
    assert.equal(code, 2);
    assert.match(stderr, /refuses the password of user elastic \(401\)/);
    assert.deepEqual(
      server.requests.map(({ method, path }) => `${method} ${path}`),
      ["GET /_security/_authenticate"],
    );
    assert.doesNotMatch(stdout + stderr, new RegExp(passwords.elastic));
  });

  it("adds a domain, and leaves the others alone", async () => {
    await run();
    await run({ domains: ["shop.example.com", "news.example.com", "a.example.com"] });
    assert.deepEqual(server.writes(), [
      "PUT /_data_stream/applogs-online-a.example.com",
      "POST /api/data_views/data_view",
    ]);
  });

  it("changes how long lines are kept", async () => {
    await run();
    await run({ retentionDays: 20 });
    assert.deepEqual(server.writes(), ["PUT /_ilm/policy/applogs"]);
  });

  it("sets a password again that somebody changed by hand, and a role that was taken away", async () => {
    await run();
    fake.passwords["logstash"] = "by hand";
    const user = { username: "exporter", roles: [], enabled: true };
    fake.stored.set("/_security/user/exporter", { exporter: user });
    await run();
    assert.deepEqual(server.writes(), [
      "PUT /_security/user/logstash",
      "PUT /_security/user/exporter",
    ]);
    assert.equal(fake.passwords["logstash"], passwords.logstash);
  });

  it("waits for Kibana only so long, after Elasticsearch is done", async () => {
    fake.kibanaStatus = 503;
    const { code, stderr } = await run();
    assert.equal(code, 1);
    assert.match(stderr, /Kibana is not ready after 1 s/);
    assert.deepEqual(server.writes(), everything.slice(0, 10));
  });

  it("keeps lines for ten days, and makes an index a day", () => {
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
